using NeuralStyle.Runtime.Files;

namespace NeuralStyle.Tests.Runtime.Files;

public sealed class FolderListTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_folder_that_hides_its_files_is_named()
    {
        var failure = Assert.Throws<InvalidInputException>(() =>
            FolderList.Of("photos", _ => throw new UnauthorizedAccessException("Access to the path '/x' is denied.")));
        Assert.Equal("the folder 'photos' cannot be listed: no permission; change its permissions, or name another", failure.Message);
        Assert.Throws<InvalidInputException>(() => FolderList.Of(_folder["absent"], Directory.EnumerateFiles));
        Assert.Empty(FolderList.Of(_folder.Root, Directory.EnumerateFiles));
    }

    [Fact]
    public void A_FIFO_is_refused_before_anything_is_made_for_it()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the kind of a file is asked of Linux");
        using (var make = System.Diagnostics.Process.Start("mkfifo", [_folder["fifo.png"]])) make.WaitForExit();
        Assert.Contains("it is a FIFO", Assert.Throws<InvalidInputException>(() => AtomicFile.CheckFolder(_folder["fifo.png"])).Message,
            StringComparison.Ordinal);
        Assert.Throws<InvalidInputException>(() => AtomicFile.Write(_folder["fifo.png"], path => File.WriteAllText(path, "")));
    }

    [Fact]
    public void The_owner_of_a_file_and_root_may_replace_it_everywhere()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("permissions of Linux");
            return;
        }
        File.SetUnixFileMode(_folder.Root, File.GetUnixFileMode(_folder.Root) | UnixFileMode.StickyBit);
        File.WriteAllText(_folder["mine"], "");
        Assert.False(SpecialFile.IsAnothers(_folder["mine"]));
        Assert.False(SpecialFile.IsAnothers(_folder["absent"]));
    }
}

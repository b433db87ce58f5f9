using NeuralStyle.Imaging;
using NeuralStyle.Runtime.Files;

namespace NeuralStyle.Tests.Runtime.Files;

public sealed class FileFailureTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_link_to_nothing_and_a_link_to_itself_are_called_so()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "not every user may make links there");
        File.CreateSymbolicLink(_folder["dangling.png"], "absent.png");
        File.CreateSymbolicLink(_folder["first.png"], "second.png");
        File.CreateSymbolicLink(_folder["second.png"], "first.png");
        Assert.Equal($"'{_folder["dangling.png"]}' cannot be read: it is a symbolic link to 'absent.png', which does not exist",
            Refusal("dangling.png"));
        Assert.Equal($"'{_folder["first.png"]}' cannot be read: it is a symbolic link that leads back to itself", Refusal("first.png"));
    }

    [Fact]
    public void Lack_of_permission_is_called_so()
    {
        Assert.Equal("no permission",
            FileFailure.ReasonOf(new UnauthorizedAccessException("Access to the path '/x' is denied."), _folder["x"]));
        if (OperatingSystem.IsWindows() || Environment.IsPrivilegedProcess)
        {
            Assert.Skip("needs a user to whom permissions apply");
            return;
        }
        Directory.CreateDirectory(_folder["locked"]);
        File.WriteAllText(_folder["locked/a.png"], "");
        File.SetUnixFileMode(_folder["locked"], UnixFileMode.None);
        try
        {
            Assert.EndsWith("cannot be reached: no permission for its folder; change the folder's permissions, or name another file",
                Refusal("locked/a.png"), StringComparison.Ordinal);
        }
        finally
        {
            File.SetUnixFileMode(_folder["locked"], UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    private string Refusal(string name) => Assert.Throws<InvalidInputException>(() => Picture.Load(_folder[name])).Message;
}

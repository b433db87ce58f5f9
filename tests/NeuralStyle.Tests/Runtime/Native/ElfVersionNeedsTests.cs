using NeuralStyle.Runtime.Native;

namespace NeuralStyle.Tests.Runtime.Native;

public sealed class ElfVersionNeedsTests
{
    [Fact]
    public void A_file_that_is_not_a_library_is_left_alone()
    {
        var bytes = "MZ this is no ELF file, and longer than its header would be, by a good measure of text"u8.ToArray();
        var before = bytes.ToArray();
        Assert.False(ElfVersionNeeds.MakeWeak(bytes, "GLIBCXX_3.4.32"));
        Assert.Equal(before, bytes);
    }

    [Fact]
    public void Repairing_the_shipped_library_twice_changes_nothing_the_second_time()
    {
        var path = Path.Combine(AppContext.BaseDirectory, "runtimes", "linux-x64", "native", "libLibTorchSharp.so");
        Assert.SkipUnless(File.Exists(path), "no Linux library in this output folder");
        var bytes = File.ReadAllBytes(path);
        ElfVersionNeeds.MakeWeak(bytes, "GLIBCXX_3.4.32"); // the copy here may or may not be repaired already
        var repaired = bytes.ToArray();
        Assert.False(ElfVersionNeeds.MakeWeak(bytes, "GLIBCXX_3.4.32"));
        Assert.Equal(repaired, bytes);
    }

    [Fact]
    public void Truncated_libraries_are_refused_without_an_exception()
    {
        var path = Path.Combine(AppContext.BaseDirectory, "runtimes", "linux-x64", "native", "libLibTorchSharp.so");
        Assert.SkipUnless(File.Exists(path), "no Linux library in this output folder");
        var bytes = File.ReadAllBytes(path);
        foreach (var length in (int[])[0, 5, 63, 64, 100, 5000, bytes.Length / 2])
            Assert.False(ElfVersionNeeds.MakeWeak(bytes.AsSpan(0, length), "GLIBCXX_3.4.32"));
    }
}

using NeuralStyle.Runtime.Native;

namespace NeuralStyle.Tests.Runtime.Native;

public sealed class ElfVersionNeedsTests
{
    [Fact]
    public void A_file_that_is_not_a_library_is_left_alone()
    {
        var bytes = "MZ this is no ELF file, and longer than its header would be, by a good measure of text"u8.ToArray();
        var before = bytes.ToArray();
        Assert.False(ElfVersionNeeds.MakeWeak(bytes, Version));
        Assert.Equal(before, bytes);
    }

    [Fact]
    public void Repairing_the_shipped_library_makes_its_requirement_weak_and_changes_nothing_else()
    {
        var strong = Shipped();
        var flags = FlagsOf(strong);
        strong[flags] = 0; // as it was built: the copy here is repaired already on systems that need it
        var repaired = strong.ToArray();
        Assert.True(ElfVersionNeeds.MakeWeak(repaired, Version));
        Assert.Equal([flags], Enumerable.Range(0, strong.Length).Where(i => strong[i] != repaired[i]));
        Assert.Equal(2, repaired[flags]); // VER_FLG_WEAK

        var twice = repaired.ToArray();
        Assert.False(ElfVersionNeeds.MakeWeak(twice, Version));
        Assert.Equal(repaired, twice);
    }

    [Fact]
    public void Truncated_libraries_are_refused_without_an_exception()
    {
        var bytes = Shipped();
        bytes[FlagsOf(bytes)] = 0;
        foreach (var length in (int[])[0, 5, 63, 64, 100, 5000, bytes.Length / 2])
            Assert.False(ElfVersionNeeds.MakeWeak(bytes.AsSpan(0, length), Version));
    }

    private const string Version = "GLIBCXX_3.4.32";

    private static byte[] Shipped()
    {
        var path = Path.Combine(AppContext.BaseDirectory, "runtimes", "linux-x64", "native", "libLibTorchSharp.so");
        Assert.SkipUnless(File.Exists(path), "no Linux library in this output folder");
        return File.ReadAllBytes(path);
    }

    /// <summary>
    /// Where the flags of the requirement are: a Vernaux entry begins with the hash of its name, and two bytes of flags follow.
    /// </summary>
    private static int FlagsOf(byte[] library)
    {
        var hash = 0u; // of the System V ABI, "Hash Table"
        foreach (var character in Version)
        {
            hash = (hash << 4) + character;
            hash = (hash ^ (hash >> 24 & 0xf0)) & 0x0fffffff;
        }
        Span<byte> entry = stackalloc byte[4];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32LittleEndian(entry, hash);
        var found = library.AsSpan().IndexOf(entry);
        Assert.NotEqual(-1, found);
        Assert.Equal(-1, library.AsSpan(found + 4).IndexOf(entry)); // there is one
        return found + 4;
    }
}

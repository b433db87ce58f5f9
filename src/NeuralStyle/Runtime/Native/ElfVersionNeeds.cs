using System.Buffers.Binary;
using System.Text;

namespace NeuralStyle.Runtime.Native;

/// <summary>
/// Edits the symbol-version requirements of a 64-bit little-endian ELF shared library
/// (section <c>.gnu.version_r</c>, see the "Linux Standard Base Core", chapter Symbol Versioning).
/// </summary>
/// <remarks>
/// libLibTorchSharp.so is built with GCC 13 and demands GLIBCXX_3.4.32 for one symbol that it never calls
/// (<c>std::ios_base_library_init</c>). Debian 12 and Ubuntu 22.04 end at GLIBCXX_3.4.30, so their loader refuses the
/// library. Marking that one requirement weak (VER_FLG_WEAK) makes the loader continue; nothing else changes.
/// </remarks>
internal static class ElfVersionNeeds
{
    private const uint VersionNeedsSection = 0x6ffffffe; // SHT_GNU_verneed
    private const ushort WeakFlag = 0x2; // VER_FLG_WEAK

    /// <summary>Marks every requirement named <paramref name="version"/> as weak, in place.</summary>
    /// <param name="elf">The bytes of the library.</param>
    /// <param name="version">A version name such as <c>GLIBCXX_3.4.32</c>.</param>
    /// <returns>
    /// True when a byte changed; false when the library is no such ELF file, lacks the requirement or has it weak already.
    /// </returns>
    public static bool MakeWeak(Span<byte> elf, string version)
    {
        try
        {
            return Edit(elf, version);
        }
        catch (ArgumentOutOfRangeException)
        {
            return false; // offsets that point outside the file: not a library we know how to edit
        }
    }

    /// <summary>Whether a library names a version, and <see cref="MakeWeak"/> has been there.</summary>
    /// <param name="elf">The bytes of the library, which may change.</param>
    /// <param name="version">The version's name.</param>
    public static bool IsWeak(Span<byte> elf, string version) =>
        elf.IndexOf(Encoding.ASCII.GetBytes(version + "\0")) >= 0 && !MakeWeak(elf, version);

    private static bool Edit(Span<byte> elf, string version)
    {
        if (elf.Length < 64 || !elf[..6].SequenceEqual((ReadOnlySpan<byte>)[0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1])) return false;
        var sections = (int)BinaryPrimitives.ReadInt64LittleEndian(elf[0x28..]);
        int entrySize = BinaryPrimitives.ReadUInt16LittleEndian(elf[0x3a..]);
        int count = BinaryPrimitives.ReadUInt16LittleEndian(elf[0x3c..]);

        var changed = false;
        for (var i = 0; i < count; i++)
        {
            var header = elf.Slice(sections + i * entrySize, 64);
            if (BinaryPrimitives.ReadUInt32LittleEndian(header[4..]) != VersionNeedsSection) continue;
            var start = (int)BinaryPrimitives.ReadInt64LittleEndian(header[0x18..]);
            var link = (int)BinaryPrimitives.ReadUInt32LittleEndian(header[0x28..]); // the string table's section
            var strings = (int)BinaryPrimitives.ReadInt64LittleEndian(elf.Slice(sections + link * entrySize, 64)[0x18..]);
            changed |= EditNeeds(elf, start, strings, Encoding.ASCII.GetBytes(version + "\0"));
        }
        return changed;
    }

    private static bool EditNeeds(Span<byte> elf, int need, int strings, ReadOnlySpan<byte> version)
    {
        var changed = false;
        while (true)
        {
            var auxiliary = need + (int)BinaryPrimitives.ReadUInt32LittleEndian(elf[(need + 8)..]); // vn_aux
            while (true)
            {
                var name = strings + (int)BinaryPrimitives.ReadUInt32LittleEndian(elf[(auxiliary + 8)..]); // vna_name
                var flags = elf[(auxiliary + 4)..]; // vna_flags
                var value = BinaryPrimitives.ReadUInt16LittleEndian(flags);
                if (elf[name..].StartsWith(version) && (value & WeakFlag) == 0)
                {
                    BinaryPrimitives.WriteUInt16LittleEndian(flags, (ushort)(value | WeakFlag));
                    changed = true;
                }
                var nextAuxiliary = BinaryPrimitives.ReadUInt32LittleEndian(elf[(auxiliary + 12)..]); // vna_next
                if (nextAuxiliary == 0) break;
                auxiliary += (int)nextAuxiliary;
            }
            var nextNeed = BinaryPrimitives.ReadUInt32LittleEndian(elf[(need + 12)..]); // vn_next
            if (nextNeed == 0) return changed;
            need += (int)nextNeed;
        }
    }
}

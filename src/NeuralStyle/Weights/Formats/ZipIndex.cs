using System.Buffers.Binary;
using System.Text;

namespace NeuralStyle.Weights.Formats;

/// <summary>One member of a zip file, as its central directory describes it.</summary>
internal sealed record ZipMember(string Name, int Method, uint Crc, long PackedSize, long Size, long HeaderOffset)
{
    public const int Stored = 0;
    public const int Deflated = 8;
}

/// <summary>
/// The central directory of a zip file (PKWARE APPNOTE 6.3, with zip64). Our own, because System.IO.Compression gives neither the
/// checksums nor the places of members, and those are what fetching single members from a server and refusing hostile files need.
/// </summary>
internal sealed class ZipIndex
{
    private const int MaximumDirectoryBytes = 1 << 20, MaximumMembers = 4096; // a VGG file has about 40 members
    private const int EndBytes = 22, LocatorBytes = 20, End64Bytes = 56, MemberBytes = 46, LocalHeaderBytes = 30;

    private readonly IByteSource _source;
    private readonly long _directoryOffset;

    private ZipIndex(IByteSource source, long directoryOffset, Dictionary<string, ZipMember> members) =>
        (_source, _directoryOffset, Members) = (source, directoryOffset, members);

    /// <summary>All members by name.</summary>
    public IReadOnlyDictionary<string, ZipMember> Members { get; }

    /// <summary>Reads the directory from the end of the file.</summary>
    /// <exception cref="WeightsFormatException">Not a zip file, truncated, or damaged.</exception>
    public static ZipIndex Read(IByteSource source)
    {
        var tailLength = (int)Math.Min(source.Length, EndBytes + LocatorBytes + End64Bytes + ushort.MaxValue);
        var tail = source.ReadBytes(source.Length - tailLength, tailLength);
        var end = FindEnd(tail);
        if (end < 0) throw new WeightsFormatException("not a complete zip file: its directory is missing, so it was probably cut off");
        long count = U16(tail, end + 10), size = U32(tail, end + 12), offset = U32(tail, end + 16);
        var limit = source.Length - tailLength + end;
        if (end >= LocatorBytes && U32(tail, end - LocatorBytes) == 0x07064B50)
        {
            var end64 = source.ReadBytes((long)U64(tail, end - LocatorBytes + 8), End64Bytes);
            if (U32(end64, 0) != 0x06064B50) throw Damaged();
            (count, size, offset) = ((long)U64(end64, 32), (long)U64(end64, 40), (long)U64(end64, 48));
        }
        if (size > MaximumDirectoryBytes || count > MaximumMembers)
            throw new WeightsFormatException("it holds far more members than weights need");
        if (size < 0 || offset < 0 || offset > limit - size || count < 0 || count > size / MemberBytes) throw Damaged();
        return new ZipIndex(source, offset, ReadMembers(source.ReadBytes(offset, (int)size), (int)count));
    }

    /// <summary>Where a member's packed bytes begin.</summary>
    public long DataOffset(ZipMember member)
    {
        var header = _source.ReadBytes(member.HeaderOffset, LocalHeaderBytes);
        if (U32(header, 0) != 0x04034B50) throw Damaged();
        var offset = member.HeaderOffset + LocalHeaderBytes + U16(header, 26) + U16(header, 28);
        if (offset > _directoryOffset || member.PackedSize > _directoryOffset - offset) throw Damaged();
        return offset;
    }

    /// <summary>
    /// Announces that a member will be read, with room for the part of its header whose size is not in the directory.
    /// </summary>
    public void Prefetch(ZipMember member)
    {
        const int room = 128; // torch and numpy pad the extra field to 64 bytes at most
        if (member.HeaderOffset < 0 || member.HeaderOffset > _directoryOffset) throw Damaged();
        var length = LocalHeaderBytes + member.Name.Length + room + member.PackedSize;
        _source.Prefetch(member.HeaderOffset, Math.Min(length, _directoryOffset - member.HeaderOffset));
    }

    /// <summary>Unpacks a member; size and checksum are verified when its end is reached.</summary>
    public Stream Open(ZipMember member) => new ZipMemberStream(_source, member, DataOffset(member));

    private static int FindEnd(byte[] tail)
    {
        for (var i = tail.Length - EndBytes; i >= 0; i--)
        {
            if (U32(tail, i) == 0x06054B50 && i + EndBytes + U16(tail, i + 20) == tail.Length) return i;
        }
        return -1;
    }

    private static Dictionary<string, ZipMember> ReadMembers(byte[] directory, int count)
    {
        var members = new Dictionary<string, ZipMember>(StringComparer.Ordinal);
        for (int i = 0, at = 0; i < count; i++)
        {
            if (at > directory.Length - MemberBytes || U32(directory, at) != 0x02014B50) throw Damaged();
            int nameLength = U16(directory, at + 28), extraLength = U16(directory, at + 30), commentLength = U16(directory, at + 32);
            var next = at + MemberBytes + nameLength + extraLength + commentLength;
            if (next > directory.Length) throw Damaged();
            var name = Encoding.UTF8.GetString(directory, at + MemberBytes, nameLength);
            if ((U16(directory, at + 8) & 1) != 0)
                throw new WeightsFormatException($"its member '{LayerNames.Printable(name)}' is encrypted");
            var extra = directory.AsSpan(at + MemberBytes + nameLength, extraLength);
            long size = U32(directory, at + 24), packed = U32(directory, at + 20), offset = U32(directory, at + 42);
            ReadZip64(extra, ref size, ref packed, ref offset);
            if (size < 0 || packed < 0 || offset < 0) throw Damaged();
            if (!members.TryAdd(name, new ZipMember(name, U16(directory, at + 10), U32(directory, at + 16), packed, size, offset)))
                throw new WeightsFormatException($"it holds '{LayerNames.Printable(name)}' twice");
            at = next;
        }
        return members;
    }

    private static void ReadZip64(ReadOnlySpan<byte> extra, ref long size, ref long packed, ref long offset)
    {
        while (extra.Length >= 4)
        {
            int id = BinaryPrimitives.ReadUInt16LittleEndian(extra), length = BinaryPrimitives.ReadUInt16LittleEndian(extra[2..]);
            if (length > extra.Length - 4) return; // padding, not a field
            var field = extra.Slice(4, length);
            if (id == 1)
            {
                Take(ref size, ref field);
                Take(ref packed, ref field);
                Take(ref offset, ref field);
            }
            extra = extra[(4 + length)..];
        }

        static void Take(ref long value, ref ReadOnlySpan<byte> field)
        {
            if (value != uint.MaxValue || field.Length < 8) return;
            value = BinaryPrimitives.ReadInt64LittleEndian(field);
            field = field[8..];
        }
    }

    private static WeightsFormatException Damaged() => new("its zip directory is damaged");

    private static ushort U16(byte[] bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(at));

    private static uint U32(byte[] bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at));

    private static ulong U64(byte[] bytes, int at) => BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(at));
}

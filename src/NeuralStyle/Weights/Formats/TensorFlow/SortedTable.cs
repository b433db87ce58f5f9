using System.Buffers.Binary;
using System.Text;
using NeuralStyle.Weights.Formats.Protobuf;

namespace NeuralStyle.Weights.Formats.TensorFlow;

/// <summary>
/// A table of sorted keys in the format of LevelDB, in which TensorFlow keeps checkpoints (table_format.md of LevelDB): blocks of entries,
/// an index of the blocks, and a footer. TensorFlow never compresses them.
/// </summary>
internal static class SortedTable
{
    private const int FooterBytes = 48, TrailerBytes = 5, MaximumKeyBytes = 512, MaximumEntries = 1 << 13;
    private const ulong Magic = 0xDB4775248B80FB57;

    /// <summary>An entry; its value is left in the file.</summary>
    public readonly record struct Entry(string Key, long Offset, long Length);

    /// <summary>Whether a file ends as such a table does.</summary>
    public static bool Recognises(IByteSource source) =>
        source.Length >= FooterBytes
            && BinaryPrimitives.ReadUInt64LittleEndian(source.ReadBytes(source.Length - sizeof(ulong), sizeof(ulong))) == Magic;

    /// <summary>All entries.</summary>
    /// <exception cref="WeightsFormatException">The table is damaged.</exception>
    public static IReadOnlyList<Entry> Read(IByteSource source)
    {
        var cursor = new SourceCursor(source);
        cursor.Seek(source.Length - FooterBytes);
        ReadHandle(cursor); // the index of other contents
        var index = ReadHandle(cursor);
        List<Entry> entries = [];
        foreach (var block in ReadBlock(cursor, index, MaximumEntries))
        {
            cursor.Seek(block.Offset);
            entries.AddRange(ReadBlock(cursor, ReadHandle(cursor), MaximumEntries - entries.Count));
        }
        return entries;
    }

    private static (long Offset, long Length) ReadHandle(SourceCursor cursor) =>
        (WireReader.ReadVarint(cursor), WireReader.ReadVarint(cursor));

    // Keys share prefixes with the key before; the list of restarts at the end is only for searching.
    private static List<Entry> ReadBlock(SourceCursor cursor, (long Offset, long Length) block, int maximumEntries)
    {
        cursor.Source.RequireRange(block.Offset, checked(block.Length + TrailerBytes));
        cursor.Seek(block.Offset + block.Length);
        if (cursor.ReadByte() != 0) throw new WeightsFormatException("its table is compressed, which TensorFlow does not do");
        if (block.Length < sizeof(int)) throw Damaged();
        cursor.Seek(block.Offset + block.Length - sizeof(int));
        var end = block.Offset + block.Length - sizeof(int) - (long)(uint)cursor.ReadInt32() * sizeof(int);
        if (end < block.Offset) throw Damaged();
        List<Entry> entries = [];
        var key = Array.Empty<byte>();
        for (cursor.Seek(block.Offset); cursor.Position < end;)
        {
            if (entries.Count == maximumEntries) throw new WeightsFormatException("it holds far more tensors than weights need");
            var (shared, fresh, length) = (WireReader.ReadVarint(cursor), WireReader.ReadVarint(cursor), WireReader.ReadVarint(cursor));
            if (shared < 0 || shared > key.Length || fresh is < 0 or > MaximumKeyBytes || shared + fresh > MaximumKeyBytes) throw Damaged();
            key = [.. key.AsSpan(0, (int)shared), .. cursor.ReadBytes((int)fresh)];
            entries.Add(new Entry(Encoding.UTF8.GetString(key), cursor.Skip(length), length));
            if (cursor.Position > end) throw Damaged();
        }
        return entries;
    }

    private static WeightsFormatException Damaged() => new("its table of tensors is damaged");
}

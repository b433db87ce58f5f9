using System.Text;

namespace NeuralStyle.Weights.Formats.Matlab;

/// <summary>
/// Reads the structure of a MAT file of level 5 (MathWorks, <i>MAT-File Format</i>, 2019): variables, cells, structs; numbers stay where
/// they are. Our own, because no library reads single fields of a file that is far larger than the part needed.
/// </summary>
internal sealed class MatReader
{
    private const int HeaderBytes = 128, TagBytes = 8;
    private const int MaximumVariables = 32, MaximumNodes = 1 << 12, MaximumDepth = 8, MaximumTextBytes = 1 << 12, MaximumRank = 8,
        NameBytes = 64;
    private const int Int8Type = 1, UInt16Type = 4, Int32Type = 5, UInt32Type = 6, SingleType = 7, DoubleType = 9, MatrixType = 14,
        CompressedType = 15, Utf16Type = 17;

    // The kernels of a VGG take 19 MB at most, in double precision; fully connected layers come after them and take hundreds.
    private const long LargestUseful = 64 << 20;

    // Of other variables, such as the thousand names of classes, only the name is read.
    private static readonly string[] Useful = ["net", "layers", "params", "meta", "normalization"];

    private int _nodes;

    /// <summary>Reads all variables.</summary>
    /// <exception cref="WeightsFormatException">Damaged, or not little-endian.</exception>
    public IReadOnlyList<MatNode> Read(IByteSource source)
    {
        var header = source.ReadBytes(0, HeaderBytes);
        if (header[126] != 'I' || header[127] != 'M')
            throw new WeightsFormatException("it is a big-endian or damaged MAT file; save it again in MATLAB");
        List<MatNode> variables = [];
        var cursor = new SourceCursor(source);
        var elements = 0;
        for (long at = HeaderBytes; at <= source.Length - TagBytes;)
        {
            if (++elements > MaximumVariables) throw new WeightsFormatException("it holds far more MATLAB variables than a network has");
            cursor.Seek(at);
            var (type, size) = (cursor.ReadInt32(), (long)(uint)cursor.ReadInt32());
            source.RequireRange(at + TagBytes, size);
            if (type == CompressedType)
            {
                var unpacked = new InflatedSource(source, at + TagBytes, size);
                var tag = unpacked.ReadBytes(0, TagBytes);
                unpacked.Length = TagBytes + (long)BitConverter.ToUInt32(tag, sizeof(int));
                var inner = new SourceCursor(unpacked);
                inner.Seek(TagBytes);
                if (BitConverter.ToInt32(tag) == MatrixType) variables.Add(ReadMatrix(unpacked, inner, unpacked.Length, 0));
            }
            else if (type == MatrixType)
            {
                variables.Add(ReadMatrix(source, cursor, at + TagBytes + size, 0));
            }
            at += TagBytes + size; // compressed elements are not padded, others hold multiples of eight
        }
        return variables;
    }

    // Reads a matrix element and leaves the cursor at its end.
    private MatNode ReadMatrix(IByteSource source, SourceCursor cursor, long end, int depth)
    {
        if (++_nodes > MaximumNodes || depth > MaximumDepth)
            throw new WeightsFormatException("it holds far more MATLAB arrays than weights need");
        if (end > source.Length) throw Damaged();
        if (cursor.Position == end) return MatNode.Empty;
        if (ReadSmall(cursor, UInt32Type, 8) is not { Length: 8 } flags) throw Damaged();
        var kind = (MatClass)flags[0];
        var dimensions = ReadSmall(cursor, Int32Type, MaximumRank * sizeof(int));
        if (dimensions.Length % sizeof(int) != 0) throw Damaged();
        var shape = new int[dimensions.Length / sizeof(int)];
        for (var i = 0; i < shape.Length; i++)
            shape[i] = BitConverter.ToInt32(dimensions, i * sizeof(int)) is >= 0 and var size ? size : throw Damaged();
        var count = shape.Aggregate(1L, (product, size) => checked(product * size));
        var name = Encoding.ASCII.GetString(ReadSmall(cursor, Int8Type, MaximumTextBytes));
        var node = new MatNode(kind, shape) { Name = name };
        if (depth == 0 && !Useful.Contains(name)) return node;
        node = kind switch
        {
            MatClass.Cell => node with { Cells = ReadElements(source, cursor, end, count, depth) },
            MatClass.Struct => node with { Structs = ReadStructs(source, cursor, end, count, depth) },
            MatClass.Text => node with { Text = ReadText(cursor) },
            MatClass.Double or MatClass.Single => ReadNumbers(node, source, cursor),
            _ => node,
        };
        // Skip the unread rest: imaginary parts, integers, the end of a list after its useful part.
        if (end >= cursor.Position && end - cursor.Position <= LargestUseful) cursor.Seek(end);
        return node;
    }

    private List<MatNode> ReadElements(IByteSource source, SourceCursor cursor, long end, long count, int depth)
    {
        List<MatNode> elements = [];
        for (var i = 0L; i < count && cursor.Position < end; i++)
        {
            var (type, size) = (cursor.ReadInt32(), (long)(uint)cursor.ReadInt32());
            if (type != MatrixType || size > end - cursor.Position) throw Damaged();
            if (size > LargestUseful) break; // not a convolution, and those come first
            var next = cursor.Position + size;
            elements.Add(ReadMatrix(source, cursor, next, depth + 1));
            cursor.Seek(next);
        }
        return elements;
    }

    private List<IReadOnlyDictionary<string, MatNode>> ReadStructs(IByteSource source, SourceCursor cursor, long end, long count, int depth)
    {
        if (ReadSmall(cursor, Int32Type, sizeof(int)) is not { Length: sizeof(int) } bytes
            || BitConverter.ToInt32(bytes) is not (> 0 and <= NameBytes and var width)) throw Damaged();
        var names = ReadSmall(cursor, Int8Type, MaximumTextBytes)
            .Chunk(width)
            .Select(name => Encoding.ASCII.GetString(name).TrimEnd('\0'))
            .ToArray();
        if (names.Distinct().Count() != names.Length) throw Damaged();
        if (names.Length == 0) return [];
        var values = ReadElements(source, cursor, end, checked(count * names.Length), depth);
        return values.Chunk(names.Length).Select(IReadOnlyDictionary<string, MatNode> (fields) => names.Zip(fields)
            .ToDictionary(pair => pair.First, pair => pair.Second)).ToList();
    }

    private static MatNode ReadNumbers(MatNode node, IByteSource source, SourceCursor cursor)
    {
        var (type, length, padding) = ReadTag(cursor);
        var offset = cursor.Skip(length);
        cursor.Skip(padding);
        return node with
        {
            // MATLAB writes round numbers as integers
            Type = type switch { SingleType => ElementType.Float32, DoubleType => ElementType.Float64, _ => null },
            Source = source,
            Offset = offset,
            Length = length,
        };
    }

    // One or two bytes per character.
    private static string? ReadText(SourceCursor cursor)
    {
        var (type, length, padding) = ReadTag(cursor);
        if (length > MaximumTextBytes) return null;
        var bytes = ReadData(cursor, length, padding);
        return type is Utf16Type or UInt16Type ? Encoding.Unicode.GetString(bytes) : Encoding.Latin1.GetString(bytes);
    }

    private static byte[] ReadSmall(SourceCursor cursor, int expectedType, int maximum)
    {
        var (type, length, padding) = ReadTag(cursor);
        if (type != expectedType || length > maximum) throw Damaged();
        return ReadData(cursor, length, padding);
    }

    // Forward through the cursor, never back: a compressed variable would have to be unpacked again from its start.
    private static byte[] ReadData(SourceCursor cursor, long length, long padding)
    {
        var bytes = cursor.ReadBytes((int)length).ToArray();
        cursor.Skip(padding);
        return bytes;
    }

    // The tag of a data element. The small form has type, length and up to four bytes of data in eight bytes.
    private static (int Type, long Length, long Padding) ReadTag(SourceCursor cursor)
    {
        var first = (uint)cursor.ReadInt32();
        if (first >> 16 is > 0 and var small) return small <= 4 ? ((int)(first & 0xFFFF), small, 4 - small) : throw Damaged();
        var length = (long)(uint)cursor.ReadInt32();
        return ((int)first, length, Math.Max(0, Math.Min(-length & 7, cursor.Left - length)));
    }

    private static WeightsFormatException Damaged() => new("its MATLAB structure is damaged");
}

using System.Buffers.Binary;
using System.Text;

namespace NeuralStyle.Weights.Formats;

/// <summary>
/// The header of a .npy array, versions 1 to 3 (NumPy Enhancement Proposal 1): a magic word and a Python dictionary with the number
/// format, the order and the shape.
/// </summary>
/// <param name="Descr">NumPy's name of the number format, for instance <c>&lt;f4</c>.</param>
/// <param name="FortranOrder">Whether the first axis is the fastest.</param>
/// <param name="Shape">Size of each axis.</param>
internal sealed record NpyHeader(string Descr, bool FortranOrder, IReadOnlyList<int> Shape)
{
    private const int MaximumBytes = 1 << 16;

    /// <summary>Whether the first bytes of a file are those of a .npy array.</summary>
    public static bool Recognises(ReadOnlySpan<byte> start) => start.Length > 6 && start[0] == 0x93 && start[1..6].SequenceEqual("NUMPY"u8);

    /// <summary>Whether it holds floating-point numbers that nst reads.</summary>
    public bool IsFloat => Descr.Length == 3 && Descr[0] is '<' or '>' or '=' && Descr[1..] is "f2" or "f4" or "f8";

    /// <summary>The number format.</summary>
    /// <exception cref="WeightsFormatException">The array holds no floating-point numbers.</exception>
    public TensorInfo ToTensorInfo()
    {
        var type = Descr == "|i1" || (Descr.Length == 3 && Descr[0] is '<' or '>' or '=') ? Descr[1..] : "";
        var element = type switch
        {
            "i1" => ElementType.Int8,
            "f2" => ElementType.Float16,
            "f4" => ElementType.Float32,
            "f8" => ElementType.Float64,
            _ => throw new WeightsFormatException(
                $"it has numbers of type '{LayerNames.Printable(Descr)}'; expected float16, float32 or float64"),
        };
        var bigEndian = Descr[0] == '>' || (Descr[0] == '=' && !BitConverter.IsLittleEndian);
        var axes = Enumerable.Range(0, Shape.Count);
        return new TensorInfo(element, bigEndian, Shape, (FortranOrder ? axes.Reverse() : axes).ToArray());
    }

    /// <summary>Reads the header and leaves the stream at the first element.</summary>
    /// <exception cref="WeightsFormatException">It is not a .npy array, or damaged.</exception>
    public static NpyHeader Read(Stream stream)
    {
        Span<byte> start = stackalloc byte[12];
        stream.ReadExactly(start[..8]);
        if (!Recognises(start)) throw new WeightsFormatException("it is not a .npy array");
        var version = start[6];
        if (version is < 1 or > 3) throw new WeightsFormatException($"it is a .npy array of version {version}; expected 1 to 3");
        var lengthBytes = version == 1 ? 2 : 4;
        stream.ReadExactly(start.Slice(8, lengthBytes));
        long length = version == 1
            ? BinaryPrimitives.ReadUInt16LittleEndian(start[8..])
            : BinaryPrimitives.ReadUInt32LittleEndian(start[8..]);
        if (length > MaximumBytes) throw new WeightsFormatException("its .npy header is absurdly long");
        var text = new byte[length];
        stream.ReadExactly(text);
        return NpyDictionary.Parse(version == 3 ? Encoding.UTF8.GetString(text) : Encoding.Latin1.GetString(text));
    }
}

using System.Buffers.Binary;

namespace NeuralStyle.Imaging;

/// <summary>
/// The parts of a Photoshop file (PSD, and PSB for large pictures): header, palette, resources, layers, and the picture of all layers
/// merged, which is the one that is used. ImageMagick fills up what is missing at the end of a file, so lengths are checked here.
/// </summary>
internal static class PhotoshopFile
{
    private const int HeaderLength = 26, Stored = 0, RunLength = 1;

    /// <summary>Width, height and number of channels of a complete file.</summary>
    /// <exception cref="OverflowException">It ends early; the message says so.</exception>
    public static (PixelSize Size, int Bands) Header(byte[] file)
    {
        if (file.Length < HeaderLength) throw new OverflowException("it ends within its header");
        var (bands, depth) = (U16(file, 12), U16(file, 22));
        var size = new PixelSize(checked((int)U32(file, 18)), checked((int)U32(file, 14)));
        var isLarge = U16(file, 4) == 2;
        var at = AfterPart(file, HeaderLength, wide: false); // palette
        at = AfterPart(file, at, wide: false); // resources
        at = AfterPart(file, at, wide: isLarge); // layers
        var end = at + 2 + Length(file, at, bands * (long)size.Height, (size.Width * (long)depth + 7) / 8, isLarge);
        return file.Length >= end ? (size, bands) : throw new OverflowException("it ends within its merged picture");
    }

    /// <summary>Bytes of the merged picture after its kind of compression; 0 where only decoding could tell.</summary>
    private static long Length(byte[] file, long at, long rows, long row, bool isLarge)
    {
        var compression = U16(file, at);
        if (compression == Stored) return rows * row;
        if (compression != RunLength) return 0;
        var (width, length) = (isLarge ? 4 : 2, rows * (isLarge ? 4 : 2));
        for (var index = 0L; index < rows; index++)
            length += isLarge ? U32(file, at + 2 + index * width) : U16(file, at + 2 + index * width);
        return length;
    }

    private static long AfterPart(byte[] file, long at, bool wide) =>
        wide ? checked(at + 8 + (long)BinaryPrimitives.ReadUInt64BigEndian(Part(file, at, 8))) : at + 4 + U32(file, at);

    private static uint U32(byte[] file, long at) => BinaryPrimitives.ReadUInt32BigEndian(Part(file, at, 4));

    private static ushort U16(byte[] file, long at) => BinaryPrimitives.ReadUInt16BigEndian(Part(file, at, 2));

    private static ReadOnlySpan<byte> Part(byte[] file, long at, int length) => at <= file.Length - length
        ? file.AsSpan((int)at, length)
        : throw new OverflowException("it ends before its merged picture");
}

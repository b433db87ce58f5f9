using System.Buffers.Binary;

namespace NeuralStyle.Imaging;

/// <summary>The chunks of a PNG before its pixels, which say what libvips does not.</summary>
internal static class PngHeader
{
    /// <summary>Number of frames.</summary>
    public static int Frames(Stream stream) =>
        Find(stream, "acTL"u8) is { } frames ? (int)Math.Min(frames, int.MaxValue) : 1;

    /// <summary>Whether it says how many pixels a metre has.</summary>
    public static bool HasResolution(Stream stream) => Find(stream, "pHYs"u8) is not null;

    /// <summary>The first number in a chunk before the pixels; null if there is no such chunk.</summary>
    private static uint? Find(Stream stream, ReadOnlySpan<byte> type)
    {
        Span<byte> chunk = stackalloc byte[12]; // length, type, the first four bytes of the data
        stream.Position = 8;
        while (stream.ReadAtLeast(chunk, chunk.Length, throwOnEndOfStream: false) == chunk.Length)
        {
            if (chunk[4..].StartsWith(type)) return BinaryPrimitives.ReadUInt32BigEndian(chunk[8..]);
            if (chunk[4..].StartsWith("IDAT"u8)) break;
            stream.Position += BinaryPrimitives.ReadUInt32BigEndian(chunk); // what is left of the data, and its checksum
        }
        return null;
    }
}

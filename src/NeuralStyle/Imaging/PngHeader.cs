using System.Buffers.Binary;

namespace NeuralStyle.Imaging;

/// <summary>Animated PNG: its frames follow a chunk that comes before the first pixels.</summary>
internal static class PngHeader
{
    /// <summary>Number of frames.</summary>
    public static int Frames(Stream stream)
    {
        Span<byte> chunk = stackalloc byte[12]; // length, type, the first four bytes of the data
        stream.Position = 8;
        while (stream.ReadAtLeast(chunk, chunk.Length, throwOnEndOfStream: false) == chunk.Length)
        {
            if (chunk[4..].StartsWith("acTL"u8)) return (int)Math.Min(BinaryPrimitives.ReadUInt32BigEndian(chunk[8..]), int.MaxValue);
            if (chunk[4..].StartsWith("IDAT"u8)) break;
            stream.Position += BinaryPrimitives.ReadUInt32BigEndian(chunk); // what is left of the data, and its checksum
        }
        return 1;
    }
}

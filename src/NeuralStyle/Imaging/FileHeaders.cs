using System.Buffers.Binary;

namespace NeuralStyle.Imaging;

/// <summary>What decoding a JPEG depends on and libvips does not tell.</summary>
/// <param name="Components">Number of channels.</param>
/// <param name="Adobe">Whether it has Adobe's marker.</param>
/// <param name="Height">In pixels; 0 where a later marker says it, which no common decoder reads.</param>
internal readonly record struct JpegHeader(int Components, bool Adobe, int Height)
{
    /// <summary>Reads the markers up to the first scan.</summary>
    /// <returns>Null when there is no frame before it.</returns>
    public static JpegHeader? Read(Stream stream)
    {
        JpegHeader? frame = null;
        var adobe = false;
        Span<byte> bytes = stackalloc byte[6];
        stream.Position = 2;
        for (var marker = 0; marker != 0xda;)
        {
            int value;
            while ((value = stream.ReadByte()) != 0xff)
            {
                if (value < 0) return frame;
            }
            while ((marker = stream.ReadByte()) == 0xff)
            {
                // fill bytes
            }
            if (marker is < 0 or 0xd9) break;
            if (marker is 0 or 1 or >= 0xd0 and <= 0xd8) continue; // these have no length
            if (stream.ReadAtLeast(bytes[..2], 2, throwOnEndOfStream: false) < 2) break;
            var end = stream.Position + BinaryPrimitives.ReadUInt16BigEndian(bytes) - 2;
            if (stream.ReadAtLeast(bytes, 6, throwOnEndOfStream: false) < 6) break;
            if (marker == 0xee && bytes.StartsWith("Adobe"u8)) adobe = true;
            if (marker is >= 0xc0 and <= 0xcf and not (0xc4 or 0xc8 or 0xcc)) frame = new JpegHeader(bytes[5], false, BinaryPrimitives.ReadUInt16BigEndian(bytes[1..]));
            stream.Position = end;
        }
        return frame is { } found ? found with { Adobe = adobe } : null;
    }
}

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

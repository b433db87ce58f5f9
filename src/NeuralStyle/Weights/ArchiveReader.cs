using NeuralStyle.Weights.Formats;

namespace NeuralStyle.Weights;

/// <summary>Recognises the format of a weights file by its first bytes, whatever it is called.</summary>
internal static class ArchiveReader
{
    /// <summary>Opens a file.</summary>
    /// <exception cref="WeightsFormatException">It is none of the formats, or damaged.</exception>
    public static ITensorArchive Open(IByteSource source)
    {
        if (source.Length == 0) throw new WeightsFormatException("the file is empty");
        var start = source.ReadBytes(0, (int)Math.Min(8, source.Length));
        if (start.AsSpan().StartsWith("PK"u8)) return new NpzArchive(source, ZipIndex.Read(source));
        throw new WeightsFormatException("it is none of the formats that nst reads (.npz)");
    }
}

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
        var start = source.ReadBytes(0, (int)Math.Min(16, source.Length)).AsSpan();
        if (start.StartsWith("PK"u8)) return OpenZip(source);
        if (start.StartsWith(H5Archive.Signature)) return new H5Archive(source);
        if (start[0] == 0x80) return new TorchLegacyArchive(source);
        if (SafetensorsArchive.Recognises(start)) return new SafetensorsArchive(source);
        throw new WeightsFormatException("it is none of the formats that nst reads (.npz, a folder of .npy, .safetensors, .pth, .h5)");
    }

    private static ITensorArchive OpenZip(IByteSource source)
    {
        var zip = ZipIndex.Read(source);
        return TorchZipArchive.Recognises(zip) ? new TorchZipArchive(source, zip) : new NpzArchive(source, zip);
    }
}

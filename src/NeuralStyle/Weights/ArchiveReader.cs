using NeuralStyle.Weights.Formats;
using NeuralStyle.Weights.Formats.TensorFlow;

namespace NeuralStyle.Weights;

/// <summary>Recognises the format of a weights file by its first bytes, not by its name.</summary>
internal static class ArchiveReader
{
    private const string Known = ".npz, .npy, .safetensors, .pth, .h5, .keras, .mat, .caffemodel, .onnx, .ckpt, .index";

    /// <summary>Opens a file.</summary>
    /// <exception cref="WeightsFormatException">It is none of the formats, or damaged.</exception>
    public static ITensorArchive Open(IByteSource source)
    {
        if (source.Length == 0) throw new WeightsFormatException("the file is empty");
        var start = source.ReadBytes(0, (int)Math.Min(16, source.Length)).AsSpan();
        if (start.StartsWith("PK"u8)) return OpenZip(source);
        if (start.StartsWith(H5Archive.Signature)) return new H5Archive(source);
        if (NpyHeader.Recognises(start)) return NumpyPickle.OpenNpy(source);
        if (MatArchive.Recognises(start)) return MatArchive.Open(source);
        if (start[0] == 0x80) return TorchLegacyArchive.Open(source);
        if (SafetensorsArchive.Recognises(start)) return new SafetensorsArchive(source);
        if (SortedTable.Recognises(source)) return CheckpointArchive.Open(source);
        ForeignFormats.Refuse(source);
        return ProtobufFormats.Open(source)
            ?? throw new WeightsFormatException($"it is none of the formats that nst reads ({Known}, a folder of .npy)");
    }

    private static ITensorArchive OpenZip(IByteSource source)
    {
        var zip = ZipIndex.Read(source);
        if (KerasZip.Recognises(zip)) return KerasZip.Open(source, zip);
        return TorchZipArchive.Recognises(zip) ? new TorchZipArchive(source, zip) : new NpzArchive(source, zip);
    }
}

using NeuralStyle.Weights.Formats.Protobuf;

namespace NeuralStyle.Weights.Formats;

/// <summary>Distinguishes formats that are Protocol Buffers messages without a signature, by their fields.</summary>
internal static class ProtobufFormats
{
    private const int MaximumFields = 1 << 14;

    /// <summary>Opens a file if it can be one of these.</summary>
    /// <returns>Null when it is no such message.</returns>
    /// <exception cref="WeightsFormatException">It is one that nst does not read, or damaged.</exception>
    public static ITensorArchive? Open(IByteSource source)
    {
        var kinds = new Dictionary<int, int>(); // of each field, the kind of its first value
        var texts = true;
        try
        {
            var message = new WireReader(source);
            for (var fields = 0; fields < MaximumFields && message.Next(); fields++)
            {
                kinds.TryAdd(message.Field, message.Kind);
                if (message is { Field: 1, Kind: WireReader.Bytes }) texts &= message.Length < 256;
            }
        }
        catch (WeightsFormatException)
        {
            // Truncated: the fields so far still identify the format, and its reader will report the fault.
        }
        bool Has(int field, int kind = WireReader.Bytes) => kinds.TryGetValue(field, out var found) && found == kind;
        if (Has(1, WireReader.Number) && Has(OnnxArchive.Graph)) return OnnxArchive.Open(source);
        if (Has(1, WireReader.Number) && kinds.Keys.Any(field => field is >= 200 and < 4000))
            throw ForeignFormats.Refusal("a Core ML model", "convert it to ONNX");
        if (Has(CaffeArchive.Layers) || (Has(CaffeArchive.OldLayers) && texts && kinds.Count < 8)) return CaffeArchive.Open(source);
        if (Has(1) && (Has(4) || Has(2)))
            throw ForeignFormats.Refusal("a TensorFlow graph (.pb)", "export a checkpoint, or convert it to ONNX");
        return null;
    }
}

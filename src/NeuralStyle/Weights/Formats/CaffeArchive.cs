using NeuralStyle.Weights.Formats.Protobuf;

namespace NeuralStyle.Weights.Formats;

/// <summary>
/// A .caffemodel (caffe.proto, NetParameter): layers with a name and blobs, kernel and bias. The newest structure and the two before it,
/// in which Oxford published VGG.
/// </summary>
internal static class CaffeArchive
{
    /// <summary>The fields of a network that hold its layers: the present ones, and those of 2014.</summary>
    public const int Layers = 100, OldLayers = 2;

    private const int MaximumTensors = 4096;

    /// <summary>Opens a file.</summary>
    /// <exception cref="WeightsFormatException">Damaged, or without layers.</exception>
    public static ITensorArchive Open(IByteSource source)
    {
        var tensors = new Dictionary<string, TensorPlace>(StringComparer.Ordinal);
        for (var net = new WireReader(source); net.Next();)
        {
            if (net.Kind != WireReader.Bytes) continue;
            if (net.Field == Layers) AddLayer(net.Message(), nameField: 1, blobsField: 7, source, tensors);
            else if (net.Field == OldLayers) AddLayer(net.Message(), nameField: 4, blobsField: 6, source, tensors);
        }
        return new TensorTable("caffemodel", tensors, null, source);
    }

    private static void AddLayer(WireReader layer, int nameField, int blobsField, IByteSource source,
        Dictionary<string, TensorPlace> tensors)
    {
        const int nested = 1; // before 2014 each layer was in one more message
        string? name = null;
        List<TensorPlace> blobs = [];
        while (layer.Next())
        {
            if (layer.Field == nameField) name = layer.Text();
            else if (layer.Field == blobsField) blobs.Add(ReadBlob(layer.Message(), source));
            else if (layer.Field == nested && nameField == 4) AddLayer(layer.Message(), 1, 50, source, tensors);
        }
        for (var i = 0; i < blobs.Count && name is not null; i++) tensors.TryAdd($"{name}/{i}", blobs[i]);
        if (tensors.Count > MaximumTensors) throw new WeightsFormatException("it has far more layers than weights need");
    }

    private static TensorPlace ReadBlob(WireReader blob, IByteSource source)
    {
        var sizes = new long[4];
        List<long> shape = [];
        (long Offset, long Length, ElementType Type)? data = null;
        while (blob.Next())
        {
            switch (blob.Field)
            {
                case >= 1 and <= 4: sizes[blob.Field - 1] = blob.Value; break; // number, channels, height, width
                case 5 when blob.Kind == WireReader.Bytes && data is null: data = (blob.Offset, blob.Length, ElementType.Float32); break;
                case 8 when blob.Kind == WireReader.Bytes && data is null: data = (blob.Offset, blob.Length, ElementType.Float64); break;
                case 7: for (var dimensions = blob.Message(); dimensions.Next();) if (dimensions.Field == 1) dimensions.AddTo(shape); break;
            }
        }
        var axes = shape.Count > 0 ? shape : sizes[3] == 0 ? [] : sizes[..3].All(size => size == 1) ? [sizes[3]] : [.. sizes];
        if (data is not { } found) return new TensorPlace(source, 0, 0, null);
        return new TensorPlace(source, found.Offset, found.Length,
            new TensorInfo(found.Type, false, axes.Select(WireReader.Size).ToArray()));
    }
}

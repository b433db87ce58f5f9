using NeuralStyle.Weights.Formats.Protobuf;

namespace NeuralStyle.Weights.Formats;

/// <summary>
/// An ONNX model (onnx.proto, ModelProto): the initialisers of its graph. Of the graph itself, only the order and the inputs of the
/// convolutions are used, because they give the layers when exporters numbered the initialisers.
/// </summary>
internal static class OnnxArchive
{
    /// <summary>The field of a model that holds its graph.</summary>
    public const int Graph = 7;

    private const int MaximumTensors = 4096;

    /// <summary>Opens a file.</summary>
    /// <exception cref="WeightsFormatException">Damaged.</exception>
    public static ITensorArchive Open(IByteSource source)
    {
        var tensors = new Dictionary<string, TensorPlace>(StringComparer.Ordinal);
        List<(string Kernel, string? Bias)> convolutions = [];
        for (var model = new WireReader(source); model.Next();)
        {
            if (model.Field != Graph) continue;
            for (var graph = model.Message(); graph.Next();)
            {
                if (graph.Field == 5) AddInitializer(graph.Message(), source, tensors);
                else if (graph.Field == 1 && ReadConvolution(graph.Message()) is { } convolution) convolutions.Add(convolution);
                if (tensors.Count > MaximumTensors || convolutions.Count > MaximumTensors)
                    throw new WeightsFormatException("it has far more layers than weights need");
            }
        }
        return new TensorTable("onnx", Rename(tensors, convolutions), null, source);
    }

    // PyTorch's newer exporters fold batch normalisation and then name initialisers onnx::Conv_42.
    private static Dictionary<string, TensorPlace> Rename(Dictionary<string, TensorPlace> tensors,
        List<(string Kernel, string? Bias)> convolutions)
    {
        if (!tensors.Keys.Any(name => name.StartsWith("onnx::", StringComparison.Ordinal))) return tensors;
        for (var i = 0; i < convolutions.Count; i++)
        {
            Move(convolutions[i].Kernel, $"graph/conv{i}_weight");
            Move(convolutions[i].Bias, $"graph/conv{i}_bias");
        }
        return tensors;

        void Move(string? from, string to)
        {
            if (from is not null && tensors.Remove(from, out var place)) tensors.TryAdd(to, place);
        }
    }

    private static (string Kernel, string? Bias)? ReadConvolution(WireReader node)
    {
        List<string> inputs = [];
        var isConvolution = false;
        while (node.Next())
        {
            if (node.Field == 1 && inputs.Count < 3) inputs.Add(node.Text());
            else if (node.Field == 4) isConvolution = node.Text() == "Conv";
        }
        return isConvolution && inputs.Count > 1 ? (inputs[1], inputs.ElementAtOrDefault(2)) : null;
    }

    private static void AddInitializer(WireReader tensor, IByteSource source, Dictionary<string, TensorPlace> tensors)
    {
        List<long> shape = [];
        var (name, type) = ("", 0L);
        (long Offset, long Length) data = (0, 0);
        while (tensor.Next())
        {
            switch (tensor.Field)
            {
                case 1: tensor.AddTo(shape); break;
                case 2: type = tensor.Value; break;
                case 8: name = tensor.Text(); break;
                // float_data, raw_data, double_data
                case 4 or 9 or 10 when tensor.Kind == WireReader.Bytes: data = (tensor.Offset, tensor.Length); break;
                case 13: throw new WeightsFormatException(
                    "its values are in another file, which nst does not read; save the model with its values inside");
            }
        }
        ElementType? element = type switch { 1 => ElementType.Float32, 10 => ElementType.Float16, 11 => ElementType.Float64,
            16 => ElementType.BFloat16, _ => null };
        var info = element is { } number ? new TensorInfo(number, false, shape.Select(WireReader.Size).ToArray()) : null;
        tensors.TryAdd(name, new TensorPlace(source, data.Offset, data.Length, info));
    }
}

using NeuralStyle.Vgg;
using NeuralStyle.Weights.Formats.Matlab;

namespace NeuralStyle.Weights.Formats;

/// <summary>
/// A network of MatConvNet in a .mat file: a list <c>layers</c> of structs with <c>name</c> and <c>weights</c> (imagenet-vgg-verydeep-19,
/// beta 16 and newer) or <c>filters</c> and <c>biases</c> (before), or a list <c>params</c> with <c>name</c> and <c>value</c> (DagNN).
/// </summary>
internal static class MatArchive
{
    private const string Version5 = "MATLAB 5.0 MAT-file", Version73 = "MATLAB 7.3 MAT-file";

    /// <summary>Whether the first bytes of a file are those of a MAT file.</summary>
    public static bool Recognises(ReadOnlySpan<byte> start) => start.StartsWith("MATLAB "u8);

    /// <summary>Opens a file.</summary>
    /// <exception cref="WeightsFormatException">Damaged, or no network of MatConvNet.</exception>
    public static ITensorArchive Open(IByteSource source)
    {
        var header = System.Text.Encoding.ASCII.GetString(source.ReadBytes(0, Version5.Length));
        if (header == Version73) throw new WeightsFormatException("it is a MAT file of version 7.3; save it in MATLAB with -v7");
        if (header != Version5) throw new WeightsFormatException("it is a MAT file of an unknown version; expected 5");
        var variables = new MatReader().Read(source);
        var root = variables.FirstOrDefault(variable => variable.Name == "net")
            ?? new MatNode(MatClass.Struct, [1, 1]) { Structs = [Fields(variables)] };
        var tensors = new Dictionary<string, TensorPlace>(StringComparer.Ordinal);
        foreach (var layer in root["layers"]?.Cells ?? []) AddLayer(layer, tensors);
        foreach (var parameter in root["params"]?.Structs ?? []) AddParameter(parameter, tensors);
        if (tensors.Count == 0)
            throw new WeightsFormatException($"it is a MAT file without a network of MatConvNet; expected a list 'layers', found "
                + $"{string.Join(", ", variables.Take(4).Select(variable => $"'{LayerNames.Printable(variable.Name)}'"))}");
        var average = (root["normalization"] ?? root["meta"]?["normalization"])?["averageImage"];
        IByteSource[] sources = [source, .. tensors.Values.Select(place => place.Source).Distinct().Where(other => other != source)];
        return new TensorTable("mat", tensors, average is null ? null : Metadata(average), sources);
    }

    private static Dictionary<string, MatNode> Fields(IEnumerable<MatNode> variables)
    {
        var fields = new Dictionary<string, MatNode>(StringComparer.Ordinal);
        foreach (var variable in variables) fields.TryAdd(variable.Name, variable);
        return fields;
    }

    private static void AddLayer(MatNode layer, Dictionary<string, TensorPlace> tensors)
    {
        if (layer["name"]?.Text is not { Length: > 0 } name) return;
        var weights = layer["weights"]?.Cells ?? [];
        var kernel = weights.Count > 0 ? weights[0] : layer["filters"];
        var bias = weights.Count > 1 ? weights[1] : layer["biases"];
        Add(name + "_W", kernel, tensors);
        Add(name + "_b", bias, tensors);
    }

    // conv1_1f and conv1_1b
    private static void AddParameter(IReadOnlyDictionary<string, MatNode> parameter, Dictionary<string, TensorPlace> tensors)
    {
        if (parameter.GetValueOrDefault("name")?.Text is not { Length: > 1 } name || name[^1] is not ('f' or 'b')) return;
        Add(name[..^1] + (name[^1] == 'f' ? "_W" : "_b"), parameter.GetValueOrDefault("value"), tensors);
    }

    private static void Add(string name, MatNode? node, Dictionary<string, TensorPlace> tensors)
    {
        if (node?.Source is not { } source) return;
        int[] shape = node.Shape is [1, _] or [_, 1] ? [node.Shape[0] * node.Shape[1]] : node.Shape;
        if (shape.Length == 2 && name.EndsWith("_W", StringComparison.Ordinal)) return; // fully connected
        var info = node.Type is { } type ? new TensorInfo(type, false, shape, Enumerable.Range(0, shape.Length).Reverse().ToArray()) : null;
        tensors.TryAdd(name, new TensorPlace(source, node.Offset, node.Length, info));
    }

    // MatConvNet subtracts an image or one colour, in both cases from red, green and blue in 0 to 255.
    private static string? Metadata(MatNode average)
    {
        const int largestImage = 256;
        if (average is not { Source: { } source, Type: { } type, Shape: [var height, var width, 3] }
            || height is < 1 or > largestImage
            || width is < 1 or > largestImage) return null;
        var info = new TensorInfo(type, false, average.Shape, [2, 1, 0]);
        if (info.ByteCount != average.Length) return null;
        using var stream = new SourceStream(source, average.Offset, average.Length);
        var plane = new TensorInfo(type, false, [height * width]);
        var means = new float[3];
        for (var channel = 0; channel < 3; channel++)
        {
            using var part = new SliceOfStream(stream, plane.ByteCount);
            means[channel] = MathF.Round(ElementReader.Read(part, plane, [0]).Average(), 4);
        }
        return means.All(float.IsFinite)
            ? new WeightsMetadata(new Preprocessing(ChannelOrder.Rgb, 255, means, [1, 1, 1]), null, null).ToJson()
            : null;
    }

    private sealed class SliceOfStream(Stream inner, long length) : ForwardStream
    {
        private long _left = length;

        public override int Read(Span<byte> buffer)
        {
            var read = inner.Read(buffer[..(int)Math.Min(buffer.Length, _left)]);
            _left -= read;
            return read;
        }
    }
}

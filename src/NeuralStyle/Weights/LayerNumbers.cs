using System.Globalization;
using NeuralStyle.Vgg;

namespace NeuralStyle.Weights;

/// <summary>Names that number layers: shapes identify the convolutions, and steps or shapes separate the blocks.</summary>
internal static class LayerNumbers
{
    private const int MaximumConvolutions = 32;

    /// <summary>The layer and role of each tensor.</summary>
    /// <param name="scheme">How the tensors are named.</param>
    /// <param name="found">The tensors.</param>
    /// <param name="describe">Tells how a tensor is stored.</param>
    /// <exception cref="WeightsFormatException">The numbers are not those of a VGG.</exception>
    public static Dictionary<(VggLayer Layer, TensorRole Role), string> ToLayers(
        NamingScheme scheme, IReadOnlyList<NamedTensor> found, Func<string, TensorInfo> describe)
    {
        var unique = new HashSet<(int, bool, TensorRole)>();
        foreach (var tensor in found)
        {
            if (!unique.Add((tensor.Number, tensor.IsNormalization, tensor.Role)))
                throw new WeightsFormatException($"it has two tensors like '{LayerNames.Printable(tensor.Name)}'");
        }
        var kernels = found.Where(tensor => tensor is { Role: TensorRole.Kernel, IsNormalization: false })
            .Select(tensor => (tensor.Number, Info: describe(tensor.Name)))
            .Where(pair => pair.Info.Shape.Count == 4).OrderBy(pair => pair.Number).ToList();
        if (kernels.Count == 0) throw new WeightsFormatException($"it has names like {scheme.Name} but no kernel with four axes");
        if (kernels.Count > MaximumConvolutions)
            throw new WeightsFormatException($"it has {kernels.Count} convolutions, more than any VGG");
        var layers = new Dictionary<int, VggLayer>();
        if (IsPointwise(kernels[0].Info) && kernels.Count > 1)
        {
            layers.Add(kernels[0].Number, NetworkNames.ColourLayer);
            kernels.RemoveAt(0);
        }
        var vgg = scheme.Numbering == LayerNumbering.Position
            ? ByStep(scheme, kernels.Select(pair => pair.Number).ToArray(), layers.Count == 0)
            : ByCount(kernels.Select(pair => pair.Info).ToArray());
        foreach (var (kernel, layer) in kernels.Zip(vgg)) layers.Add(kernel.Number, layer);
        return Assign(scheme, found, layers);
    }

    private static bool IsPointwise(TensorInfo info) =>
        (info.Shape[0], info.Shape[1]) is (1, 1) || (info.Shape[2], info.Shape[3]) is (1, 1);

    // Two steps from one convolution to the next within a block (convolution, ReLU), three with normalisation or padding between them;
    // one more across a pooling. This distinguishes VGG-16 from VGG-19, and works for truncated and slimmer files too.
    private static List<VggLayer> ByStep(NamingScheme scheme, int[] positions, bool mustBeginAtZero)
    {
        List<VggLayer> layers = [new VggLayer(1, 1)];
        if (mustBeginAtZero && positions[0] != 0) throw OutOfPlace(scheme, positions[0]);
        var step = positions.Length > 1 ? positions[1] - positions[0] : 2;
        if (step is not (2 or 3)) throw OutOfPlace(scheme, positions[^1]);
        foreach (var (previous, position) in positions.Zip(positions.Skip(1)))
        {
            var layer = layers[^1];
            layers.Add(position - previous == step && layer.Index < 9 ? new VggLayer(layer.Block, layer.Index + 1)
                : position - previous == step + 1 && layer.Block < 5 ? new VggLayer(layer.Block + 1, 1)
                : throw OutOfPlace(scheme, position));
        }
        return layers;
    }

    // Thirteen are VGG-16 and sixteen are VGG-19. A file that ends early is VGG-16 when its eighth convolution widens the network,
    // which is VGG-19's fourth of block 3.
    private static IEnumerable<VggLayer> ByCount(TensorInfo[] kernels)
    {
        var is16 = kernels.Length == 13 || (kernels.Length is > 7 and < 16 && !kernels[7].Shape.SequenceEqual(kernels[6].Shape));
        int[] blocks = is16 ? [2, 2, 3, 3, 3] : [2, 2, 4, 4, 4];
        if (kernels.Length > blocks.Sum())
            throw new WeightsFormatException($"it has {kernels.Length} convolutions; VGG-16 has 13, VGG-19 has 16");
        return blocks.SelectMany((count, block) => Enumerable.Range(1, count).Select(index => new VggLayer(block + 1, index)))
            .Take(kernels.Length);
    }

    private static Dictionary<(VggLayer, TensorRole), string> Assign(
        NamingScheme scheme, IReadOnlyList<NamedTensor> found, Dictionary<int, VggLayer> layers)
    {
        var counted = scheme.Numbering == LayerNumbering.Count;
        var convolutions = layers.OrderBy(pair => pair.Key)
            .Select(pair => pair.Value)
            .Where(layer => layer != NetworkNames.ColourLayer)
            .ToArray();
        var normalizations = found.Where(tensor => tensor.IsNormalization).Select(tensor => tensor.Number).Distinct().Order().ToArray();
        if (counted && normalizations.Length > 0 && normalizations.Length != convolutions.Length)
            throw new WeightsFormatException($"it has {convolutions.Length} convolutions but {normalizations.Length} batch normalisations");
        var tensors = new Dictionary<(VggLayer, TensorRole), string>();
        foreach (var tensor in found)
        {
            if (Place(tensor) is { } place && !tensors.TryAdd(place, tensor.Name))
                throw new WeightsFormatException(
                    $"'{LayerNames.Printable(tensors[place])}' and '{LayerNames.Printable(tensor.Name)}' are in the same place");
        }
        return tensors;

        (VggLayer, TensorRole)? Place(NamedTensor tensor)
        {
            if (tensor.IsNormalization) return (convolutions[Array.IndexOf(normalizations, tensor.Number)], tensor.Role);
            if (layers.TryGetValue(tensor.Number, out var layer)) return (layer, tensor.Role);
            if (counted || !layers.TryGetValue(tensor.Number - 1, out var before) || !HasStatistics(found, tensor.Number)) return null;
            var role = tensor.Role switch { TensorRole.Kernel => TensorRole.Scale, TensorRole.Bias => TensorRole.Shift,
                var other => other };
            return (before, role);
        }
    }

    // A batch normalisation names its statistics; a linear layer at the next place does not.
    private static bool HasStatistics(IReadOnlyList<NamedTensor> found, int number) =>
        found.Any(tensor => tensor.Number == number && tensor.Role == TensorRole.Mean);

    private static WeightsFormatException OutOfPlace(NamingScheme scheme, int position) => new(string.Create(CultureInfo.InvariantCulture,
        $"its layer {position} ('{scheme.Name}', counting) is out of place: this is not a plain VGG-16 or VGG-19"));
}

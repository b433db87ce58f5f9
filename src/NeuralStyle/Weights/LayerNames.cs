using System.Text.RegularExpressions;
using NeuralStyle.Vgg;

namespace NeuralStyle.Weights;

/// <summary>What a tensor is to the network.</summary>
internal enum TensorRole
{
    /// <summary>The filters of a convolution.</summary>
    Kernel,

    /// <summary>The bias of a convolution.</summary>
    Bias,
}

/// <summary>A way of naming the layers of VGG, with what files that use it expect of pictures unless something better is known.</summary>
/// <param name="Name">For people.</param>
/// <param name="Pattern">Matches the names of convolution tensors; groups block and index, or position; and role.</param>
/// <param name="Preprocessing">The usual convention of such files.</param>
internal sealed record NamingScheme(string Name, Regex Pattern, Preprocessing Preprocessing);

/// <summary>The one table of layer names: from the names of tensors in files to layers of VGG.</summary>
internal static class LayerNames
{
    private const string Kernel = "(?<kernel>W|weights?|kernel)", Bias = "(?<bias>b|bias|biases)";

    private static readonly NamingScheme[] Schemes =
    [
        // conv1_1_W, conv1_1_b: the tutorials' vgg16_weights.npz and what nst itself writes
        new("conv1_1_W", Rule($"^conv(?<block>[1-5])_(?<index>[1-9])_(?:{Kernel}|{Bias})$"), Preprocessing.CaffeRgb),
        // conv1_1.weight: conversions of the Caffe model to PyTorch (vgg_conv.pth)
        new("conv1_1.weight", Rule($@"^conv(?<block>[1-5])_(?<index>[1-9])[./](?:{Kernel}|{Bias})$"), Preprocessing.CaffeBgr),
        // block1_conv1/block1_conv1_W_1:0 and block1_conv1/block1_conv1/kernel:0: Keras
        new("block1_conv1", Rule($@"^(?:[\w.-]+/)*?block(?<block>[1-5])_conv(?<index>[1-9])[_/](?:{Kernel}|{Bias})(?:_1)?(?::0)?$"), Preprocessing.CaffeBgr),
        // features.0.weight: torchvision and timm, where the number counts convolutions, ReLUs and poolings
        new("features.0.weight", Rule($@"^(?:(?:module|model|vgg)\.)?features\.(?<position>0|[1-9][0-9]?)\.(?:{Kernel}|{Bias})$"), Preprocessing.Torchvision),
    ];

    /// <summary>Finds the convolutions among the names of a file.</summary>
    /// <returns>The scheme that names most of them, and the name of each kernel and bias.</returns>
    /// <exception cref="WeightsFormatException">There is none, or one is named twice.</exception>
    public static (NamingScheme Scheme, Dictionary<(VggLayer Layer, TensorRole Role), string> Tensors) Resolve(IReadOnlyCollection<string> names)
    {
        var scheme = Schemes.MaxBy(candidate => names.Count(name => candidate.Pattern.IsMatch(name)))!;
        var matches = names.Select(name => scheme.Pattern.Match(name)).Where(match => match.Success).ToArray();
        if (matches.Length == 0)
        {
            var found = names.Count == 0 ? "nothing" : string.Join(", ", names.Take(4).Select(Printable)) + (names.Count > 4 ? ", …" : "");
            throw new WeightsFormatException($"it has no VGG convolutions; expected names such as {string.Join(" or ", Schemes.Select(s => s.Name))}, found {found}");
        }
        var layerAt = PositionsToLayers(matches);
        var tensors = new Dictionary<(VggLayer, TensorRole), string>();
        foreach (var match in matches)
        {
            var layer = match.Groups["position"] is { Success: true } position ? layerAt[int.Parse(position.Value)] : new VggLayer(Digit(match, "block"), Digit(match, "index"));
            var role = match.Groups["kernel"].Success ? TensorRole.Kernel : TensorRole.Bias;
            if (!tensors.TryAdd((layer, role), match.Value))
                throw new WeightsFormatException($"it names {layer.ConvolutionName} twice: '{tensors[(layer, role)]}' and '{match.Value}'");
        }
        return (scheme, tensors);
    }

    /// <summary>A name out of a file, made safe to print on one line.</summary>
    public static string Printable(string name)
    {
        var safe = string.Concat(name.Take(60).Select(c => char.IsControl(c) || char.IsSurrogate(c) ? '?' : c));
        return name.Length > 60 ? safe + "…" : safe;
    }

    // Two steps from one convolution to the next within a block (convolution, ReLU), three across a pooling: this tells VGG-16
    // from VGG-19, and works for truncated and slimmer files alike.
    private static Dictionary<int, VggLayer> PositionsToLayers(IEnumerable<Match> matches)
    {
        var positions = matches.Select(match => match.Groups["position"]).Where(group => group.Success).Select(group => int.Parse(group.Value)).Distinct().Order();
        var layers = new Dictionary<int, VggLayer>();
        var (layer, previous) = (default(VggLayer), 0);
        foreach (var position in positions)
        {
            layer = (layers.Count, position - previous) switch
            {
                (0, 0) => new VggLayer(1, 1),
                (> 0, 2) when layer.Index < 9 => new VggLayer(layer.Block, layer.Index + 1),
                (> 0, 3) when layer.Block < 5 => new VggLayer(layer.Block + 1, 1),
                _ => throw new WeightsFormatException($"its layer 'features.{position}' is out of place: this is not a plain VGG-16 or VGG-19 (networks with batch normalisation are not supported)"),
            };
            layers.Add(position, layer);
            previous = position;
        }
        return layers;
    }

    private static int Digit(Match match, string group) => match.Groups[group].Value[0] - '0';

    private static Regex Rule(string pattern) => new(pattern, RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);
}

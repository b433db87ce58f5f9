using System.Text.RegularExpressions;
using NeuralStyle.Vgg;
using static NeuralStyle.Weights.NamingScheme;

namespace NeuralStyle.Weights;

/// <summary>The one table of layer names: from the names of tensors in files to layers of VGG.</summary>
internal static partial class LayerNames
{
    // Possible prefixes of a layer's name: state_dict., module., model., vgg_19/, …
    private const string Dotted = @"^(?<prefix>(?:.*[./])?)", Slashed = "^(?<prefix>(?:.*/)?)";
    private const string Layer = "(?<block>[1-5])_(?<index>[1-9])", Number = "(?<number>0|[1-9][0-9]{0,2})";
    private const string Kernel = "(?<kernel>W|weights?|kernel)", Bias = "(?<bias>b|bias|biases)";
    private const string Normalization =
        "(?<scale>gamma)|(?<shift>beta)|(?<mean>(?:running|moving)_mean)|(?<variance>(?:running|moving)_var(?:iance)?)";
    private const string KerasRoles = $"(?:{Kernel}(?:_1)?(?::0)?|{Bias}(?:_1)?(?::0)?|vars/(?:(?<kernel>0)|(?<bias>1)))";

    private const string Own = $"{Dotted}conv{Layer}_(?:{Kernel}|{Bias}|(?<step>s))$";

    private const float KerasEpsilon = 1e-3f;

    private const int FewestOfNetwork = 8; // some convolutions of other networks have names like a VGG's

    // If two rules match equally many tensors of a file, the earlier wins.
    private static readonly NamingScheme[] Schemes =
    [
        // conv1_1_W, conv1_1_b: the tutorials' vgg16_weights.npz and what nst itself writes
        new("conv1_1_W", new(OwnPattern), Preprocessing.CaffeRgb),
        // conv1_1_w_0, conv1_1_b_0: the Caffe model as ONNX by way of Caffe2
        new("conv1_1_w_0", Rule($"{Dotted}conv{Layer}_(?:(?<kernel>w)|(?<bias>b))_0$"), Preprocessing.CaffeBgr),
        // vgg_19/conv1/conv1_1/weights: TensorFlow Slim
        new("vgg_19/conv1/conv1_1/weights", Rule($"{Slashed}conv[1-5]/conv{Layer}/(?:{Kernel}|{Bias})$"), Preprocessing.CaffeRgb),
        // conv1_1/conv/W: ChainerCV
        new("conv1_1/conv/W", Rule($"{Slashed}conv{Layer}/conv/(?:{Kernel}|{Bias})$"), Preprocessing.CaffeRgb),
        // conv1_1.weight: conversions of the Caffe model (vgg_conv.pth); conv1_1/0: the blobs of a .caffemodel, the lists of vgg19.npy
        new("conv1_1.weight", Rule($@"{Dotted}(?:conv{Layer}[./](?:{Kernel}|{Bias}|(?<kernel>0)|(?<bias>1))"
            + $@"|(?:bn{Layer}|conv{Layer}[._]bn|norm{Layer})[./](?:(?<scale>weight)|(?<shift>bias)|{Normalization}))$"),
                Preprocessing.CaffeBgr),
        // block1_conv1/block1_conv1_W_1:0, block1_conv1/block1_conv1/kernel:0, layers/block1_conv1/vars/0: Keras
        new("block1_conv1", Rule($"{Slashed}block(?<block>[1-5])_conv(?<index>[1-9])(?:_[0-9]+)?[_/]{KerasRoles}$"),
            Preprocessing.CaffeBgr),
        // layers/conv2d/vars/0, layers/conv2d_1/vars/0: Keras 3, which counts
        new("layers/conv2d/vars/0", Rule($"{Slashed}(?:conv2d(?:_{Number})?/{KerasRoles}"
            + $"|(?<norm>batch_normalization)(?:_{Number})?/(?:vars/(?:(?<scale>0)|(?<shift>1)|(?<mean>2)|(?<variance>3))"
            + $"|(?:{Normalization})(?::0)?))$"),
            Preprocessing.CaffeBgr)
            { Numbering = LayerNumbering.Count, Epsilon = KerasEpsilon },
        // layer_with_weights-0/kernel/.ATTRIBUTES/VARIABLE_VALUE: checkpoints of TensorFlow 2
        new("layer_with_weights-0/kernel", Rule($@"{Slashed}layer_with_weights-{Number}/(?:{Kernel}|{Bias})/\.ATTRIBUTES/VARIABLE_VALUE$"),
            Preprocessing.CaffeBgr)
            { Numbering = LayerNumbering.Count },
        // features.0.weight: torchvision and timm, where the number counts convolutions, ReLUs and poolings; slices of the same list
        new("features.0.weight", Rule($@"{Dotted}features\.{Number}\.(?:{Kernel}|{Bias}|{Normalization})$"), Preprocessing.Torchvision)
            { Numbering = LayerNumbering.Position },
        new("slice1.0.weight", Rule($@"{Dotted}slice[1-5]\.{Number}\.(?:{Kernel}|{Bias}|{Normalization})$"), Preprocessing.Torchvision)
            { Numbering = LayerNumbering.Position },
        // 0.weight, 2.weight, 5.weight: the list alone; AdaIN's vgg_normalised.pth
        new("0.weight", Rule($@"{Dotted}{Number}\.(?:{Kernel}|{Bias}|{Normalization})$"), Preprocessing.Torchvision)
            { Numbering = LayerNumbering.Position },
        // vgg0_conv0_weight, vgg0_batchnorm0_gamma: Gluon's ONNX files
        new("vgg0_conv0_weight",
            Rule($"^(?<prefix>(?:[^.]*[_./])?)(?:conv{Number}_(?:{Kernel}|{Bias})|(?<norm>batchnorm){Number}_(?:{Normalization}))$"),
            Preprocessing.Torchvision) { Numbering = LayerNumbering.Count },
        // conv0.weight, conv11.weight, conv12.weight: encoders of universal style transfer
        new("conv11.weight", Rule($@"{Dotted}conv(?:(?<block>[1-5])(?<index>[1-9])|(?<colour>0))\.(?:{Kernel}|{Bias})$"),
            Preprocessing.CaffeRgb),
        // conv1.weight, conv2.weight, …: the same, counted
        new("conv1.weight", Rule($@"{Dotted}conv{Number}[./](?:{Kernel}|{Bias})$"), Preprocessing.CaffeRgb)
            { Numbering = LayerNumbering.Count },
    ];

    /// <summary>Finds the convolutions among the names of a file.</summary>
    /// <param name="names">The names of all tensors.</param>
    /// <param name="describe">Describes how a tensor is stored; called only if names are numbers, so that shapes must distinguish the
    /// layers apart.</param>
    /// <exception cref="WeightsFormatException">There are none, or one is named twice.</exception>
    public static NetworkNames Resolve(IReadOnlyCollection<string> names, Func<string, TensorInfo> describe)
    {
        var best = Largest(names);
        if (best.Length < FewestOfNetwork && ForeignNames.Recognise(names) is { } other) throw new WeightsFormatException(other);
        if (best.Length == 0) throw new WeightsFormatException(ForeignNames.Explain(names, Schemes.Select(scheme => scheme.Name)));
        var scheme = best[0].Scheme;
        var tensors = scheme.Numbering == LayerNumbering.None ? ByName(best) : LayerNumbers.ToLayers(scheme, best, describe);
        RequireNoStrayNormalization(names, best[0].Prefix, tensors);
        return new NetworkNames(scheme, tensors);
    }

    /// <summary>A name from a file, made safe to print on one line.</summary>
    public static string Printable(string name)
    {
        var safe = string.Concat(name.Take(60).Select(c => char.IsControl(c) || char.IsSurrogate(c) ? '?' : c));
        return name.Length > 60 ? safe + "…" : safe;
    }

    // for the built-in network's names, and so before every run: compiled with the program
    [GeneratedRegex(Own, RegexOptions.CultureInvariant)]
    private static partial Regex OwnPattern();

    /// <summary>The names of the rule that matches most; no further rule is tried once one matches all.</summary>
    private static NamedTensor[] Largest(IReadOnlyCollection<string> names)
    {
        var tensors = names.Count(name => name != WeightsMetadata.EntryName);
        NamedTensor[] largest = [];
        foreach (var scheme in Schemes)
        {
            var found = Best(scheme, names);
            if (found.Length > largest.Length) largest = found;
            if (largest.Length >= tensors) break;
        }
        return largest;
    }

    // A file may hold several networks, or one and the slots of its optimiser: the largest set of names with a common prefix counts.
    private static NamedTensor[] Best(NamingScheme scheme, IReadOnlyCollection<string> names) => names
        .Select(name => (Name: name, Match: scheme.Pattern.Value.Match(name)))
        .Where(pair => pair.Match.Success)
        .Select(pair => NamedTensor.From(scheme, pair.Name, pair.Match))
        .GroupBy(tensor => tensor.Prefix)
        .OrderByDescending(group => group.Count()).ThenBy(group => ForeignNames.IsCopy(group.Key))
        .ThenBy(group => group.Key.Length).ThenBy(group => group.Key, StringComparer.Ordinal)
        .FirstOrDefault()?.ToArray() ?? [];

    private static Dictionary<(VggLayer, TensorRole), string> ByName(NamedTensor[] found)
    {
        var tensors = new Dictionary<(VggLayer, TensorRole), string>();
        foreach (var tensor in found)
        {
            if (!tensors.TryAdd((tensor.Layer, tensor.Role), tensor.Name))
            {
                var before = Printable(tensors[(tensor.Layer, tensor.Role)]);
                throw new WeightsFormatException(
                    $"it names {tensor.Layer.ConvolutionName} twice: '{before}' and '{Printable(tensor.Name)}'");
            }
        }
        return tensors;
    }

    // If a normalisation were left out, every picture would silently be different.
    private static void RequireNoStrayNormalization(IReadOnlyCollection<string> names, string prefix,
        Dictionary<(VggLayer, TensorRole), string> tensors)
    {
        var used = tensors.Values.ToHashSet();
        if (tensors.Keys.Any(key => key.Item2 == TensorRole.Mean)) return;
        string[] endings = ["running_var", "moving_variance", "moving_variance:0"];
        var stray = names.FirstOrDefault(name => name.StartsWith(prefix, StringComparison.Ordinal) && !used.Contains(name)
            && endings.Any(ending => name.EndsWith(ending, StringComparison.Ordinal)));
        if (stray is not null)
            throw new WeightsFormatException(
                $"it has a batch normalisation, '{Printable(stray)}', that nst cannot tell the convolution of; fold it into the "
                    + $"convolutions first");
    }
}

using System.Globalization;
using System.Text.RegularExpressions;
using NeuralStyle.Vgg;

namespace NeuralStyle.Weights;

/// <summary>The role of a tensor in the network.</summary>
internal enum TensorRole
{
    /// <summary>The filters of a convolution.</summary>
    Kernel,

    /// <summary>The bias of a convolution.</summary>
    Bias,

    /// <summary>The value of one step of an 8-bit kernel, for each filter.</summary>
    Step,

    /// <summary>The factors (γ) of the batch normalisation after a convolution.</summary>
    Scale,

    /// <summary>The summands (β) of the batch normalisation.</summary>
    Shift,

    /// <summary>The running means (μ) of the batch normalisation.</summary>
    Mean,

    /// <summary>The running variances (σ²) of the batch normalisation.</summary>
    Variance,
}

/// <summary>What the numbers in names count.</summary>
internal enum LayerNumbering
{
    /// <summary>Nothing: names have block and index.</summary>
    None,

    /// <summary>Everything in the network: convolutions, ReLUs, poolings.</summary>
    Position,

    /// <summary>Convolutions alone.</summary>
    Count,
}

/// <summary>
/// A way of naming the layers of VGG, with the preprocessing to assume for files that use it unless something better is known.
/// </summary>
/// <param name="Name">For people.</param>
/// <param name="Pattern">Matches the names of convolution tensors, with groups for block and index, or number; role; and the text
/// before it.</param>
/// <param name="Preprocessing">The usual convention of such files.</param>
internal sealed record NamingScheme(string Name, Lazy<Regex> Pattern, Preprocessing Preprocessing)
{
    /// <summary>A pattern that is read when it is first asked for: all take 0.3 s, and most files need the first alone.</summary>
    public static Lazy<Regex> Rule(string pattern) =>
        new(() => new Regex(pattern, RegexOptions.CultureInvariant | RegexOptions.NonBacktracking));

    /// <summary>What the numbers in such names count.</summary>
    public LayerNumbering Numbering { get; init; }

    /// <summary>The epsilon that batch normalisation adds to variances: PyTorch's value unless the framework has another.</summary>
    public float Epsilon { get; init; } = 1e-5f;
}

/// <summary>The convolutions among the tensors of a file.</summary>
/// <param name="Scheme">How they are named.</param>
/// <param name="Tensors">The name of each kernel and bias, and of what belongs to batch normalisation.
/// <see cref="ColourLayer"/> is the place of a 1×1 convolution before the first layer.</param>
internal sealed record NetworkNames(NamingScheme Scheme, IReadOnlyDictionary<(VggLayer Layer, TensorRole Role), string> Tensors)
{
    /// <summary>The place of a leading 1×1 convolution that converts colours.</summary>
    public static VggLayer ColourLayer { get; } = new(0, 1);
}

/// <summary>A name that a scheme matched.</summary>
/// <param name="Scheme">The scheme.</param>
/// <param name="Name">The whole name.</param>
/// <param name="Prefix">The text before the layer's own name.</param>
/// <param name="Layer">The layer; unused if names have numbers.</param>
/// <param name="Number">The number; −1 if names have none.</param>
/// <param name="IsNormalization">Whether the name is one of a batch normalisation that is counted by itself.</param>
/// <param name="Role">The role by the name; the weight and bias of a batch normalisation look like a convolution's.</param>
internal sealed record NamedTensor(NamingScheme Scheme, string Name, string Prefix, VggLayer Layer, int Number, bool IsNormalization,
    TensorRole Role)
{
    private static readonly (string Group, TensorRole Role)[] Roles =
        [("kernel", TensorRole.Kernel), ("bias", TensorRole.Bias), ("step", TensorRole.Step), ("scale", TensorRole.Scale),
            ("shift", TensorRole.Shift), ("mean", TensorRole.Mean), ("variance", TensorRole.Variance)];

    // Keras puts each layer into a group with the same name, which is not part of the prefix.
    private static readonly Lazy<Regex> OwnGroup =
        NamingScheme.Rule("(?:block[1-5]_conv[1-9]|conv2d|batch_normalization)(?:_[0-9]+)?/$");

    public static NamedTensor From(NamingScheme scheme, string name, Match match)
    {
        var numbered = scheme.Numbering != LayerNumbering.None;
        var number = !numbered
            ? -1
            : match.Groups["number"].Success
            ? int.Parse(match.Groups["number"].Value, CultureInfo.InvariantCulture)
            : 0;
        var layer = numbered
            ? default
            : match.Groups["colour"].Success
            ? NetworkNames.ColourLayer
            : new VggLayer(Digit(match, "block"), Digit(match, "index"));
        var role = Roles.First(pair => match.Groups[pair.Group].Success).Role;
        var prefix = match.Groups["prefix"].Value;
        if (prefix.Length > 0) prefix = OwnGroup.Value.Replace(prefix, "");
        return new NamedTensor(scheme, name, prefix, layer, number, match.Groups["norm"].Success, role);
    }

    private static int Digit(Match match, string group) => match.Groups[group].Value[0] - '0';
}

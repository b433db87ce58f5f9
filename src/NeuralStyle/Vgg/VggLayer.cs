using System.Globalization;
using System.Text.RegularExpressions;

namespace NeuralStyle.Vgg;

/// <summary>
/// One convolution of a VGG network (Simonyan and Zisserman 2014) together with the ReLU after it, named by its block
/// (between poolings) and its place in the block, both from 1: <c>relu4_2</c> is the activation after <c>conv4_2</c>.
/// </summary>
public readonly partial record struct VggLayer(int Block, int Index) : IComparable<VggLayer>
{
    /// <summary>The input of a block: the pooled activations of the block before. Sorts between the two blocks.</summary>
    /// <param name="block">From 2.</param>
    internal static VggLayer PooledInto(int block) => new(block, 0);

    /// <summary>Whether this is the pooling before a block instead of a convolution.</summary>
    internal bool IsPooling => Index == 0;

    /// <summary>Pixels of the picture between neighbouring positions of the layer: doubled by each pooling before it.</summary>
    public int Stride => 1 << (Block - 1);

    /// <summary>The name of the convolution, for instance <c>conv4_2</c>.</summary>
    public string ConvolutionName => string.Create(CultureInfo.InvariantCulture, $"conv{Block}_{Index}");

    /// <summary>Reads <c>relu4_2</c> (or <c>conv4_2</c>, meaning the same layer).</summary>
    /// <returns>False when <paramref name="text"/> is no such name.</returns>
    public static bool TryParse(string text, out VggLayer layer)
    {
        var match = NamePattern().Match(text);
        layer = match.Success ? new VggLayer(match.Groups[1].Value[0] - '0', match.Groups[2].Value[0] - '0') : default;
        return match.Success;
    }

    /// <inheritdoc cref="TryParse"/>
    /// <exception cref="InvalidInputException"><paramref name="text"/> is no layer name.</exception>
    public static VggLayer Parse(string text) => TryParse(text, out var layer)
        ? layer
        : throw new InvalidInputException($"'{text}' is not a layer name; expected relu1_1 … relu5_4");

    /// <summary>Orders by depth in the network.</summary>
    public int CompareTo(VggLayer other) => (Block, Index).CompareTo((other.Block, other.Index));

    /// <summary>The name of the activation, for instance <c>relu4_2</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"relu{Block}_{Index}");

    [GeneratedRegex("^(?:relu|conv)([1-5])_([1-9])$", RegexOptions.CultureInvariant)]
    private static partial Regex NamePattern();
}

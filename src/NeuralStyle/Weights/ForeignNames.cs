namespace NeuralStyle.Weights;

/// <summary>Messages about tensor names that are not those of a VGG.</summary>
internal static class ForeignNames
{
    private static readonly (string Part, string Network)[] Networks =
    [
        ("cccp", "Network in Network (NIN)"), ("layer1.0.", "a ResNet"), ("res2a", "a ResNet"), ("inception", "an Inception network"),
            ("fire2", "a SqueezeNet"),
        ("features.denseblock", "a DenseNet"), ("visual.", "a CLIP model"), ("encoder.layer", "a transformer"),
            ("blocks.0.attn", "a vision transformer"), ("resblock", "a transformer network of fast style transfer"),
    ];

    private static readonly string[] Copies = ["optim", "adam", "momentum", "ema", "teacher", "discriminator"];

    /// <summary>The message for a file of another network that nst knows; null if it is none.</summary>
    public static string? Recognise(IReadOnlyCollection<string> names) =>
        Networks.FirstOrDefault(network =>
            names.Any(name => name.Contains(network.Part, StringComparison.OrdinalIgnoreCase))).Network is { } other
            ? $"by the names of its layers it is {other}; nst needs a VGG-16 or VGG-19"
            : null;

    /// <summary>The message for a file without any convolution of VGG.</summary>
    public static string Explain(IReadOnlyCollection<string> names, IEnumerable<string> expected)
    {
        var found = names.Count == 0
            ? "nothing"
            : string.Join(", ", names.Take(4).Select(LayerNames.Printable)) + (names.Count > 4 ? ", …" : "");
        return $"it has no VGG convolutions; expected names such as {string.Join(" or ", expected.Take(3))} or another that "
            + $"docs/weights.md lists, found {found}";
    }

    /// <summary>Whether the prefix of a name belongs to an optimiser's slots or to an averaged copy of the weights.</summary>
    public static bool IsCopy(string prefix) => Copies.Any(copy => prefix.Contains(copy, StringComparison.OrdinalIgnoreCase));
}

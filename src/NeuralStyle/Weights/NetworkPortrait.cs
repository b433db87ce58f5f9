using System.Globalization;
using NeuralStyle.Vgg;

namespace NeuralStyle.Weights;

/// <summary>A description of a network, for users who must choose one.</summary>
/// <param name="Network">VGG-19 or VGG-16, who trained it, how wide it is.</param>
/// <param name="Lacks">The convolutions that it lacks, and whether the presets need them.</param>
/// <param name="Pictures">How its pictures will look compared with those of Oxford's VGG-19.</param>
internal sealed record NetworkPortrait(string Network, string Lacks, string Pictures)
{
    private static readonly int[] FullWidths = [64, 128, 256, 512, 512];

    // The layers that all presets use: relu4_2 for content, the first of each block for style.
    private static readonly VggLayer[] Needed = [new(1, 1), new(2, 1), new(3, 1), new(4, 1), new(4, 2), new(5, 1)];

    /// <summary>Describes a network.</summary>
    public static NetworkPortrait Of(WeightsInspection file)
    {
        var (network, missing) = file.Topology;
        var share = file.Layers.Average(layer => (double)layer.Filters / FullWidths[layer.Layer.Block - 1]);
        var isSlim = share < 0.95;
        var width = isSlim ? string.Create(CultureInfo.InvariantCulture, $", {share:P0} of the usual filters") : "";
        var needed = missing.Intersect(Needed).ToArray();
        var lacks = missing.Count == 0 ? "nothing"
            : List(missing) + (needed.Length == 0 ? ", which no preset uses"
            : $"; presets use {string.Join(", ", needed)}, so name other layers: --content-layers, --style-layers");
        var training = file.Training ?? "training unknown";
        return new NetworkPortrait($"{network}{width}, {training}", lacks, Expect(file, network, isSlim, needed.Length > 0));
    }

    private static string List(IReadOnlyList<VggLayer> layers) => layers.Count > 4
        ? $"{layers.Count} convolutions, {layers[0].ConvolutionName} to {layers[^1].ConvolutionName}"
        : string.Join(", ", layers.Select(layer => layer.ConvolutionName));

    private static string Expect(WeightsInspection file, string network, bool isSlim, bool isShort)
    {
        List<string> parts = [];
        if (file.Training is null) parts.Add("unknown training: compare a small run with one of VGG-19");
        else if (file.Training.Contains("torchvision", StringComparison.Ordinal))
            parts.Add("other filters than VGG-19 by Oxford, so other strokes and textures; the weights of the losses may need tuning");
        else if (network == "VGG-19") parts.Add("as in the original method: the best results");
        else parts.Add("close to VGG-19's, slightly plainer");
        if (isSlim) parts.Add("fewer filters: faster, coarser textures");
        if (isShort) parts.Add("without its deep layers: large shapes of the style are lost");
        if (file.Layers.Any(layer => layer.IsNormalized))
            parts.Add("trained with batch normalisation, folded in: the balance of layers differs from VGG-19's");
        if (file.IsPreprocessingGuessed) parts.Add("colours as guessed above");
        return string.Join("; ", parts);
    }
}

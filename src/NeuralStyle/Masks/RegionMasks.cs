using System.Globalization;
using static TorchSharp.torch;

namespace NeuralStyle.Masks;

/// <summary>
/// The regions that a mask picture names by its colours, as soft weights (spatial control: Gatys et al. 2017, "Controlling
/// Perceptual Factors in Neural Style Transfer").
/// </summary>
internal static class RegionMasks
{
    /// <summary>Most regions that one mask may name.</summary>
    public const int MostRegions = 16;

    private const double SmallestShare = 0.002; // share of the picture: rarer colours are blended pixels along edges
    private const double Distinct = 0.12; // smallest distance in [0, 1]³ between two colours that count as different

    /// <summary>The colours that name regions, the most frequent first.</summary>
    /// <param name="mask">1×3×H×W in [0, 1].</param>
    /// <param name="option">The option that the mask was given to, for messages.</param>
    /// <returns>R×3.</returns>
    /// <exception cref="InvalidInputException">The mask names more than <see cref="MostRegions"/> regions.</exception>
    public static Tensor Palette(Tensor mask, string option)
    {
        using var scope = NewDisposeScope();
        var pixels = mask.squeeze(0).flatten(1).t().mul(31).round().to(ScalarType.Int64); // M×3
        var code = pixels.select(1, 0) * 1024 + pixels.select(1, 1) * 32 + pixels.select(1, 2);
        var histogram = code.bincount(null, 32 * 1024).data<long>().ToArray();
        List<(float R, float G, float B)> colours = [];
        foreach (var index in Enumerable.Range(0,
            histogram.Length).Where(i => histogram[i] > SmallestShare * code.numel()).OrderByDescending(i => histogram[i]))
        {
            var colour = (R: index / 1024 / 31f, G: index / 32 % 32 / 31f, B: index % 32 / 31f);
            if (colours.All(other => Distance(colour, other) > Distinct) && !BlendOfTwo(colour, colours)) colours.Add(colour);
        }
        if (colours.Count > MostRegions)
            throw new InvalidInputException(string.Create(CultureInfo.InvariantCulture,
                $"{option} names {colours.Count} regions by colour; expected at most {MostRegions}: paint each region in one flat colour"));
        return tensor(colours.SelectMany(c => new[] { c.R, c.G, c.B }).ToArray(), [colours.Count, 3]).MoveToOuterDisposeScope();
    }

    /// <summary>How much each pixel belongs to each region; they sum to 1.</summary>
    /// <param name="mask">1×3×H×W in [0, 1].</param>
    /// <param name="palette">R×3.</param>
    /// <returns>R×1×H×W in [0, 1]. Between two regions, grey levels blend; among more, the nearest colour wins.</returns>
    public static Tensor Weights(Tensor mask, Tensor palette)
    {
        using var scope = NewDisposeScope();
        var regions = palette.shape[0];
        if (regions == 1) return ones(1, 1, mask.shape[2], mask.shape[3]).MoveToOuterDisposeScope();
        if (regions == 2)
        {
            var (from, to) = (palette[0].view(1, 3, 1, 1), palette[1].view(1, 3, 1, 1));
            var share = ((mask - from) * (to - from)).sum(1, keepdim: true).div((to - from).square().sum()).clamp(0, 1);
            return cat([1 - share, share]).MoveToOuterDisposeScope();
        }
        var distances = (mask - palette.view(regions, 3, 1, 1)).square().sum(1, keepdim: true); // R×1×H×W
        var nearest = distances.argmin(0).squeeze(0); // H×W
        return stack(Enumerable.Range(0, (int)regions).Select(r => nearest.eq(r).to(ScalarType.Float32).unsqueeze(0)).ToArray())
            .MoveToOuterDisposeScope();
    }

    /// <summary>The name of a region in messages: its colour as #rrggbb.</summary>
    public static string Name(Tensor palette, int region)
    {
        using var bytes = palette[region].mul(255).round().to(ScalarType.Byte);
        return "#" + Convert.ToHexStringLower(bytes.data<byte>().ToArray());
    }

    private static double Distance((float R, float G, float B) a, (float R, float G, float B) b) =>
        Math.Sqrt((a.R - b.R) * (a.R - b.R) + (a.G - b.G) * (a.G - b.G) + (a.B - b.B) * (a.B - b.B));

    /// <summary>A colour between two more frequent ones is a soft edge, not a region, if there are only these two.</summary>
    private static bool BlendOfTwo((float R, float G, float B) c, List<(float R, float G, float B)> known) =>
        known.Count == 2 && Distance(c, known[0]) + Distance(c, known[1]) < 1.01 * Distance(known[0], known[1]) + 0.04
        && Distance(known[0], known[1]) > 1.0; // black to white, or as far apart: grey levels between nearer colours are separate regions
}

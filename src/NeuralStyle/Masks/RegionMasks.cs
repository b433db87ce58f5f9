using System.Globalization;
using NeuralStyle.Imaging;
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
    private const long StripPixels = 1 << 18;
    private const double Distinct = 0.12; // smallest distance in [0, 1]³ between two colours that count as different

    /// <summary>The colours that name regions, the most frequent first.</summary>
    /// <param name="mask">1×3×H×W in [0, 1].</param>
    /// <param name="option">The option that the mask was given to, for messages.</param>
    /// <returns>R×3.</returns>
    /// <exception cref="InvalidInputException">The mask names more than <see cref="MostRegions"/> regions.</exception>
    public static Tensor Palette(Tensor mask, string option)
    {
        using var scope = NewDisposeScope();
        var counts = InStrips(mask, strip =>
        {
            var pixels = strip.mul(31).round().to(ScalarType.Int64).flatten(2)[0]; // 3×M
            return (pixels[0] * 1024 + pixels[1] * 32 + pixels[2]).bincount(null, 32 * 1024);
        });
        var histogram = stack(counts).sum([0L]).data<long>().ToArray();
        var least = SmallestShare * mask.shape[2] * mask.shape[3];
        List<(float R, float G, float B)> colours = [];
        foreach (var index in Enumerable.Range(0, histogram.Length).Where(i => histogram[i] > least).OrderByDescending(i => histogram[i]))
        {
            var colour = (R: index / 1024 / 31f, G: index / 32 % 32 / 31f, B: index % 32 / 31f);
            if (colours.All(other => Distance(colour, other) > Distinct) && !BlendOfTwo(colour, colours)) colours.Add(colour);
        }
        if (colours.Count > MostRegions)
            throw new InvalidInputException(string.Create(CultureInfo.InvariantCulture,
                $"{option} names {colours.Count} regions by colour; expected at most {MostRegions}: paint each region in one flat colour"));
        return tensor(colours.SelectMany(c => new[] { c.R, c.G, c.B }).ToArray(), [colours.Count, 3]).MoveToOuterDisposeScope();
    }

    /// <summary>How much each pixel belongs to each region; they sum to 1, along resized edges to about 1.</summary>
    /// <param name="mask">1×3×H×W in [0, 1].</param>
    /// <param name="palette">R×3.</param>
    /// <param name="size">
    /// The size wanted. Each region is resized by itself, because all at the mask's own size may be more than the memory holds.
    /// </param>
    /// <returns>R×1×h×w in [0, 1]. Between two regions, grey levels blend; among more, the nearest colour wins.</returns>
    public static Tensor Weights(Tensor mask, Tensor palette, PixelSize size)
    {
        using var scope = NewDisposeScope();
        var regions = (int)palette.shape[0];
        if (regions == 1) return ones(1, 1, size.Height, size.Width).MoveToOuterDisposeScope();
        if (regions == 2)
        {
            var (from, to) = (palette[0].view(1, 3, 1, 1), palette[1].view(1, 3, 1, 1));
            var length = (to - from).square().sum();
            var share = cat(InStrips(mask, strip => ((strip - from) * (to - from)).sum(1, keepdim: true).div(length).clamp(0, 1)), 2);
            return cat([ImageTensor.Resize(1 - share, size), ImageTensor.Resize(share, size)]).MoveToOuterDisposeScope();
        }
        var nearest = cat(InStrips(mask, strip => (strip - palette.view(regions, 3, 1, 1)).square().sum(1, keepdim: true) // R×1×h×W
            .argmin(0).to(ScalarType.Byte).unsqueeze(0)), 2); // 1×1×H×W
        return cat(Enumerable.Range(0, regions).Select(region => Resized(nearest, region, size)).ToArray()).MoveToOuterDisposeScope();
    }

    /// <summary>The name of a region in messages: its colour as #rrggbb.</summary>
    public static string Name(Tensor palette, int region)
    {
        using var bytes = palette[region].mul(255).round().to(ScalarType.Byte);
        return "#" + Convert.ToHexStringLower(bytes.data<byte>().ToArray());
    }

    /// <summary>The same for every strip of rows, so that what is needed on the way stays small.</summary>
    private static Tensor[] InStrips(Tensor mask, Func<Tensor, Tensor> work)
    {
        var rows = Math.Max(1, StripPixels / mask.shape[3]);
        List<Tensor> results = [];
        for (var top = 0L; top < mask.shape[2]; top += rows)
        {
            using var scope = NewDisposeScope();
            results.Add(work(mask.narrow(2, top, Math.Min(rows, mask.shape[2] - top))).MoveToOuterDisposeScope());
        }
        return [.. results];
    }

    private static Tensor Resized(Tensor nearest, int region, PixelSize size)
    {
        using var own = nearest.eq(region).to(ScalarType.Float32);
        return ImageTensor.Resize(own, size);
    }

    private static double Distance((float R, float G, float B) a, (float R, float G, float B) b) =>
        Math.Sqrt((a.R - b.R) * (a.R - b.R) + (a.G - b.G) * (a.G - b.G) + (a.B - b.B) * (a.B - b.B));

    /// <summary>A colour between two more frequent ones is a soft edge, not a region, if there are only these two.</summary>
    private static bool BlendOfTwo((float R, float G, float B) c, List<(float R, float G, float B)> known) =>
        known.Count == 2 && Distance(c, known[0]) + Distance(c, known[1]) < 1.01 * Distance(known[0], known[1]) + 0.04
        && Distance(known[0], known[1]) > 1.0; // black to white, or as far apart: grey levels between nearer colours are separate regions
}

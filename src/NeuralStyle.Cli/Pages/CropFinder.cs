using NeuralStyle.Imaging;
using static TorchSharp.torch;

namespace NeuralStyle.Cli.Pages;

/// <summary>A rectangle of a picture in pixels.</summary>
internal readonly record struct CropArea(int X, int Y, int Width, int Height);

/// <summary>Finds the areas with the most detail, for crops at full size.</summary>
internal static class CropFinder
{
    /// <summary>Areas that do not overlap, the most detailed first.</summary>
    /// <param name="image">1×3×H×W in [0, 1].</param>
    /// <param name="side">Side of an area in pixels, less if the picture is smaller.</param>
    /// <param name="count">Maximum number of areas.</param>
    public static IReadOnlyList<CropArea> Find(Tensor image, int side, int count)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var size = ImageTensor.SizeOf(image);
        var (width, height) = (Math.Min(side, size.Width), Math.Min(side, size.Height));
        var areas = (from y in Starts(size.Height, height) from x in Starts(size.Width, width) select new CropArea(x, y, width, height))
            .ToArray();
        return areas.OrderByDescending(Detail).Take(count).ToArray();

        double Detail(CropArea area)
        {
            using var inner = NewDisposeScope();
            // in grey, strip by strip: a grey copy of the whole picture would take a third of its memory
            var part = image.narrow(2, area.Y, area.Height).narrow(3, area.X, area.Width).mean([1L]);
            return (part.diff(1, 1).abs().mean() + part.diff(1, 2).abs().mean()).cpu().item<float>();
        }
    }

    /// <summary>As many areas as fit next to each other, spread evenly over the side.</summary>
    private static IEnumerable<int> Starts(int length, int area)
    {
        var count = length / area;
        return Enumerable.Range(0, count).Select(i => count == 1 ? (length - area) / 2 : (int)((long)(length - area) * i / (count - 1)));
    }
}

using NetVips;

namespace NeuralStyle.Tests.Imaging;

/// <summary>Pictures whose pixels are known.</summary>
internal static class TestPictures
{
    /// <summary>The colour of each quarter: 0 is left or top, 1 right or bottom.</summary>
    public static (int X, int Y, double[] Colour)[] CornerColours { get; } =
        [(0, 0, [220, 40, 40]), (1, 0, [40, 200, 40]), (0, 1, [40, 40, 220]), (1, 1, [230, 230, 60])];

    /// <summary>Four quarters of different colours.</summary>
    public static Image Corners(int width, int height)
    {
        var parts = CornerColours.Select(corner => Flat(width / 2, height / 2, corner.Colour)).ToArray();
        var joined = Image.Arrayjoin(parts, across: 2).Copy(interpretation: Enums.Interpretation.Srgb);
        foreach (var part in parts) part.Dispose();
        return joined;
    }

    /// <summary>One colour.</summary>
    public static Image Flat(int width, int height, params double[] colour)
    {
        using var black = Image.Black(width, height, bands: colour.Length);
        using var coloured = black + colour;
        using var bytes = coloured.Cast(Enums.BandFormat.Uchar);
        return bytes.Copy(interpretation: Enums.Interpretation.Srgb);
    }

    /// <summary>Writes with little loss in every format.</summary>
    public static void Write(Image image, string path) =>
        image.WriteToFile(path, Path.GetExtension(path) is ".jpg" or ".webp" or ".avif" ? new VOption { { "Q", 98 } } : null);

    /// <summary>How a camera held otherwise stores an upright picture: turned, with the tag that says so.</summary>
    public static Image Stored(Image upright, int orientation)
    {
        using var turned = orientation switch
        {
            2 => upright.FlipHor(),
            3 => upright.Rot180(),
            4 => upright.FlipVer(),
            5 => upright.Rot90().FlipHor(),
            6 => upright.Rot270(),
            7 => upright.Rot270().FlipHor(),
            8 => upright.Rot90(),
            _ => upright.Copy(),
        };
        return turned.Mutate(image => image.Set(GValue.GIntType, "orientation", orientation));
    }
}

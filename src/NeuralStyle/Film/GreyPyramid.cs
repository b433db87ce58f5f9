namespace NeuralStyle.Film;

/// <summary>One level of a pyramid: a grey picture, row by row.</summary>
internal sealed record GreyImage(int Width, int Height, float[] Values);

/// <summary>A frame in grey, at its size and at halves of it, for <see cref="OpticalFlow"/>.</summary>
internal static class GreyPyramid
{
    private const int SmallestSide = 16; // pixels; a coarser level would have nothing left to match
    // blur of the frame itself: less noise; and of a level before it is halved: no aliasing (both as in Sánchez et al. 2013)
    private const double First = 0.8, BeforeHalving = 1.04;

    /// <summary>The levels, the finest first.</summary>
    /// <param name="planes">3×H×W, RGB in [0, 1].</param>
    /// <param name="width">W.</param>
    /// <param name="height">H.</param>
    public static IReadOnlyList<GreyImage> Of(ReadOnlySpan<float> planes, int width, int height)
    {
        var grey = new float[width * height];
        var green = planes[grey.Length..];
        var blue = green[grey.Length..];
        for (var i = 0; i < grey.Length; i++) grey[i] = 255 * (0.2126f * planes[i] + 0.7152f * green[i] + 0.0722f * blue[i]);
        List<GreyImage> levels = [Blurred(new GreyImage(width, height, grey), First)];
        while (Math.Min(levels[^1].Width, levels[^1].Height) >= 2 * SmallestSide) levels.Add(Half(Blurred(levels[^1], BeforeHalving)));
        return levels;
    }

    /// <summary>Every second pixel, from the first.</summary>
    private static GreyImage Half(GreyImage from)
    {
        var (width, height) = ((from.Width + 1) / 2, (from.Height + 1) / 2);
        var values = new float[width * height];
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++) values[y * width + x] = from.Values[2 * y * from.Width + 2 * x];
        }
        return new GreyImage(width, height, values);
    }

    private static GreyImage Blurred(GreyImage image, double deviation)
    {
        var kernel = Kernel(deviation);
        var (width, height, reach) = (image.Width, image.Height, kernel.Length / 2);
        var (rows, result) = (new float[image.Values.Length], new float[image.Values.Length]);
        for (var y = 0; y < height; y++)
        {
            var row = image.Values.AsSpan(y * width, width);
            for (var x = 0; x < width; x++)
            {
                var sum = 0f;
                for (var i = -reach; i <= reach; i++) sum += kernel[i + reach] * row[Math.Clamp(x + i, 0, width - 1)];
                rows[y * width + x] = sum;
            }
        }
        for (var y = 0; y < height; y++)
        {
            var to = result.AsSpan(y * width, width);
            for (var i = -reach; i <= reach; i++)
            {
                var from = rows.AsSpan(Math.Clamp(y + i, 0, height - 1) * width, width);
                var share = kernel[i + reach];
                for (var x = 0; x < width; x++) to[x] += share * from[x];
            }
        }
        return new GreyImage(width, height, result);
    }

    private static float[] Kernel(double deviation)
    {
        var reach = (int)Math.Ceiling(3 * deviation);
        var values = Enumerable.Range(-reach, 2 * reach + 1).Select(x => Math.Exp(-x * x / (2 * deviation * deviation))).ToArray();
        return values.Select(value => (float)(value / values.Sum())).ToArray();
    }
}

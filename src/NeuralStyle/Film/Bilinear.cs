namespace NeuralStyle.Film;

/// <summary>Values between the pixels of a plane; beyond its borders, those of the border.</summary>
internal static class Bilinear
{
    /// <summary>The value at a position in pixels.</summary>
    public static float At(float[] plane, int width, int height, float x, float y)
    {
        x = Math.Clamp(x, 0, width - 1);
        y = Math.Clamp(y, 0, height - 1);
        var (left, top) = ((int)x, (int)y);
        var (right, bottom) = (Math.Min(left + 1, width - 1), Math.Min(top + 1, height - 1));
        var (across, down) = (x - left, y - top);
        var upper = plane[top * width + left] + across * (plane[top * width + right] - plane[top * width + left]);
        var lower = plane[bottom * width + left] + across * (plane[bottom * width + right] - plane[bottom * width + left]);
        return upper + down * (lower - upper);
    }
}

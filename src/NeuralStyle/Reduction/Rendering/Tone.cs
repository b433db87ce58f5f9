using System.Numerics;

namespace NeuralStyle.Reduction.Rendering;

/// <summary>Colours as vectors (red, green, blue in [0, 1]) and the curves that mix them.</summary>
internal static class Tone
{
    /// <summary>A colour from its hexadecimal notation, 0xRRGGBB.</summary>
    public static Vector3 Hex(int rgb) => new Vector3(rgb >> 16 & 255, rgb >> 8 & 255, rgb & 255) / 255;

    /// <summary>0 below <paramref name="from"/>, 1 above <paramref name="to"/>, smooth between.</summary>
    public static float Smooth(float from, float to, float x)
    {
        var t = Math.Clamp((x - from) / (to - from), 0, 1);
        return t * t * (3 - 2 * t);
    }

    /// <summary>A colour along evenly spaced stops; <paramref name="t"/> in [0, 1].</summary>
    public static Vector3 Gradient(ReadOnlySpan<Vector3> stops, float t)
    {
        var place = Math.Clamp(t, 0, 1) * (stops.Length - 1);
        var index = Math.Min((int)place, stops.Length - 2);
        return Vector3.Lerp(stops[index], stops[index + 1], place - index);
    }

    /// <summary>Perceived brightness in [0, 1].</summary>
    public static float Luminance(Vector3 colour) => Vector3.Dot(colour, new(0.299f, 0.587f, 0.114f));

    /// <summary>Moves the colour away from its own grey by a factor.</summary>
    public static Vector3 Saturate(Vector3 colour, float factor) => Vector3.Lerp(new(Luminance(colour)), colour, factor);
}

using System.Numerics;
using NeuralStyle.Reduction.Rendering;

namespace RenderSamples.Landscape;

internal static class Sky
{
    private static readonly Vector3[] Air =
        [Tone.Hex(0x2f66ae), Tone.Hex(0x4f8ccb), Tone.Hex(0x86b6dd), Tone.Hex(0xc6d0d8), Tone.Hex(0xf3d6b4), Tone.Hex(0xf6c396)];

    public static void Paint(Canvas canvas) => canvas.Fill(p =>
    {
        var glow = MathF.Exp(-Vector2.Distance(p, LakeTown.Sun) * 3.2f);
        var disc = Tone.Smooth(0.034f, 0.029f, Vector2.Distance(p, LakeTown.Sun));
        var air = Tone.Gradient(Air, p.Y / 0.5f) + glow * new Vector3(0.34f, 0.13f, -0.04f);
        air = Vector3.Lerp(air, Tone.Hex(0xfffbe6), MathF.Max(disc, glow * glow * glow * 0.9f));

        var density = Clouds(p);
        // Lit where the cloud thins towards the sun.
        var towards = Vector2.Normalize(LakeTown.Sun - p);
        var light = Math.Clamp(0.55f + 2.2f * (density - Clouds(p + 0.025f * towards)), 0, 1);
        var bright = Vector3.Lerp(Tone.Hex(0xfffdf6), Tone.Hex(0xffe2a8), Math.Clamp(glow * 1.6f, 0, 1));
        var shade = Vector3.Lerp(Tone.Hex(0x8ea0bd), Tone.Hex(0xc9a08f), Tone.Smooth(0.1f, 0.45f, p.Y));
        return Vector3.Lerp(air, Vector3.Lerp(shade, bright, light), 0.93f * Tone.Smooth(0, 0.34f, density) * (1 - disc));
    });

    /// <summary>Above zero inside clouds: heaps drawn out sideways, denser higher up, none before the sun.</summary>
    private static float Clouds(Vector2 p)
    {
        // Perspective: clouds near the horizon are flatter.
        var q = new Vector2(p.X * 2.1f + 0.15f, (p.Y + 0.1f) * 4.6f);
        var bend = new Vector2(Noise.Fractal(q.X * 1.2f, q.Y * 1.2f, 3, 11), Noise.Fractal(q.X * 1.2f, q.Y * 1.2f, 3, 23));
        var value = Noise.Fractal(q.X + 0.3f * bend.X, q.Y + 0.3f * bend.Y, 6, 5);
        var cover = 0.03f + 0.12f * Tone.Smooth(0.5f, 1.15f, p.X) - 0.3f * Tone.Smooth(0.33f, 0.5f, p.Y);
        return value + cover - 0.3f * MathF.Exp(-22 * Vector2.DistanceSquared(p, LakeTown.Sun));
    }
}

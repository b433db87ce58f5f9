using System.Numerics;
using NeuralStyle.Reduction.Rendering;

namespace RenderSamples.Landscape;

/// <summary>Three ranges, each nearer one less veiled by the air.</summary>
internal static class Mountains
{
    private static readonly Vector3 Haze = Tone.Hex(0xd9cfc4);

    private sealed record Range(int Seed, float Base, float Height, float Scale, Vector3 Lit, Vector3 Shaded, float Veil, float Snow);

    private static readonly Range[] Ranges =
    [
        new(40, 0.50f, 0.30f, 1.7f, Tone.Hex(0xc3aa9c), Tone.Hex(0x4d608c), 0.30f, 0.315f),
        new(61, 0.56f, 0.20f, 2.2f, Tone.Hex(0x9c9a78), Tone.Hex(0x3f5a72), 0.20f, 0),
        new(83, 0.60f, 0.13f, 2.6f, Tone.Hex(0x8f9a4a), Tone.Hex(0x2d4a44), 0.07f, 0),
    ];

    public static void Paint(Canvas canvas)
    {
        foreach (var range in Ranges)
        {
            canvas.Paint(0, 0, canvas.Aspect, LakeTown.WaterLine, p =>
            {
                var crest = Crest(range, p.X);
                return p.Y < crest ? default : new Vector4(Surface(range, p, p.Y - crest), 1);
            });
        }
    }

    private static float Crest(Range range, float x)
    {
        var ridge = Noise.Ridged(x * range.Scale, 0.5f, 2, range.Seed) + 0.16f * Noise.Fractal(x * 9 * range.Scale, 3.3f, 4, range.Seed);
        // The ranges rise to the right, which leaves the sun its gap on the left.
        return range.Base - range.Height * ridge * (0.42f + 0.62f * Tone.Smooth(0.2f, 0.95f, x));
    }

    private static Vector3 Surface(Range range, Vector2 p, float depth)
    {
        var relief = Relief(p);
        var slope = (Relief(p + new Vector2(0.004f, -0.002f)) - relief) / 0.004f;
        var light = Math.Clamp(0.5f + 0.075f * slope, 0, 1);
        var rock = Vector3.Lerp(range.Shaded, range.Lit, light);
        if (range.Snow > 0)
        {
            var snow = Tone.Smooth(0.015f, -0.02f, p.Y - range.Snow + 0.06f * Noise.Fractal(p.X * 14, p.Y * 14, 3, 7) - 0.008f * slope);
            rock = Vector3.Lerp(rock, Vector3.Lerp(Tone.Hex(0x93a7cc), Tone.Hex(0xfff3e2), light), snow);
        }
        else
        {
            // Woods: a texture of crowns, finer farther away.
            var size = range.Veil > 0.1f ? 150 : 90;
            rock *= 0.9f + 0.22f * Noise.Fractal(p.X * size, p.Y * size * 1.4f, 2, range.Seed + 9);
        }
        var veil = range.Veil + 0.5f * range.Veil * Tone.Smooth(0, 0.16f, depth) + 0.25f
            * MathF.Exp(-7 * Vector2.Distance(p, LakeTown.Sun));
        return Vector3.Lerp(rock, Haze, Math.Clamp(veil, 0, 0.85f));

        float Relief(Vector2 q) => Noise.Ridged(q.X * 6.5f + q.Y * 2.2f, q.Y * 4.2f - q.X, 5, range.Seed + 3);
    }
}

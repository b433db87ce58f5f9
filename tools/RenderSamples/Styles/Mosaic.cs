using System.Numerics;
using NeuralStyle.Reduction.Rendering;

namespace RenderSamples.Styles;

/// <summary>A mosaic of glass and gold: a sun over waves, the tesserae laid in rows along the forms (after Hausner 2001).</summary>
internal static class Mosaic
{
    private static readonly Vector3[] Sea =
        [Tone.Hex(0x0e2f4f), Tone.Hex(0x14566f), Tone.Hex(0x1c8a8c), Tone.Hex(0x6cc3b0), Tone.Hex(0xe9efdc)];

    private static readonly Vector3[] Rays = [Tone.Hex(0xf2c14b), Tone.Hex(0xe2882f), Tone.Hex(0xb93a2b), Tone.Hex(0x7a1f33)];

    private static readonly Vector2 Sun = new(0.52f, 0.36f);

    public static Canvas Render(int height)
    {
        var canvas = new Canvas(height * 4 / 3 * 2, height * 2);
        var tiling = new Tesserae(canvas.Aspect, 0.0235f, Direction, 5);
        canvas.Fill(p =>
        {
            var tile = tiling.Find(p);
            var seed = tile.Index;
            var design = Design(tile.Centre, seed);
            var joint = Tone.Smooth(0.0010f, 0.0026f, tile.Gap);
            // Each tile is set a little askew and catches the light differently; its rim is bevelled.
            var tilt = new Vector2(Noise.Hash(seed, 1, 6) - 0.5f, Noise.Hash(seed, 2, 6) - 0.5f);
            var sheen = 1 + 0.22f * (tilt.X + tilt.Y) + 5f * Vector2.Dot(tilt, p - tile.Centre);
            var bevel = Tone.Smooth(0.0055f, 0.0022f, tile.Gap) * Math.Clamp(Vector2.Dot(tile.Centre - p, new(0.7f, 0.7f)) / 0.010f, -1, 1);
            var glass = design * (sheen + 0.26f * bevel + 0.06f * Noise.Fractal(p.X * 160, p.Y * 160, 2, seed & 63));
            var grout = Tone.Hex(0x3a332f) * (1 + 0.25f * Noise.Fractal(p.X * 200, p.Y * 200, 2, 4));
            return Vector3.Lerp(grout, glass, joint);
        });
        return canvas.Halved();
    }

    /// <summary>The colour of a tile from its place in the picture.</summary>
    private static Vector3 Design(Vector2 p, int seed)
    {
        var whim = Noise.Hash(seed, 3, 6) - 0.5f;
        var d = Vector2.Distance(p, Sun);
        Vector3 colour;
        if (p.Y > Wave(p.X, 0))
        {
            var band = (p.Y - Wave(p.X, 0)) / 0.072f;
            var crest = band - MathF.Floor(band);
            colour = crest < 0.26f ? Sea[4] : Tone.Gradient(Sea, 0.78f - 0.72f * crest + 0.28f * whim - 0.03f * band);
            if ((int)band % 3 == 1 && crest > 0.55f) colour = Vector3.Lerp(Tone.Hex(0x2b2c6b), Tone.Hex(0x4a49a0), 0.5f + whim);
        }
        else if (d < 0.075f) colour = Vector3.Lerp(Tone.Hex(0xfff0b0), Tone.Hex(0xf6cf5a), 0.5f + whim);
        else if (d < 0.15f) colour = Vector3.Lerp(Tone.Hex(0xe9a437), Tone.Hex(0xf3c64e), 0.5f + whim);
        else if (d < 0.178f) colour = Tone.Hex(0x8e2430);
        else
        {
            var angle = MathF.Atan2(p.Y - Sun.Y, p.X - Sun.X);
            var ray = MathF.Sin(11 * angle + 5 * (d - 0.178f));
            var fade = Tone.Smooth(0.18f, 0.75f, d);
            colour = ray > 0.05f
                ? Tone.Gradient(Rays, fade * 0.8f + 0.25f * whim + 0.1f)
                : Vector3.Lerp(Vector3.Lerp(Tone.Hex(0xf4e3bd), Tone.Hex(0x5aa0b4), fade), Tone.Hex(0x2a5d8f), 0.35f + 0.5f * whim);
        }
        return colour * (1 + 0.16f * (Noise.Hash(seed, 4, 6) - 0.5f));
    }

    /// <summary>Rows follow the waves below and circle the sun above.</summary>
    private static Vector2 Direction(Vector2 p)
    {
        if (p.Y > Wave(p.X, 0) - 0.012f) return Vector2.Normalize(new Vector2(0.04f, Wave(p.X + 0.02f, 0) - Wave(p.X - 0.02f, 0)));
        var d = p - Sun;
        return d.LengthSquared() < 1e-6f ? Vector2.UnitX : Vector2.Normalize(new Vector2(-d.Y, d.X));
    }

    private static float Wave(float x, float shift) => 0.655f + shift + 0.032f * MathF.Sin(8.2f * x + 0.6f) + 0.014f * MathF.Sin(17 * x);
}

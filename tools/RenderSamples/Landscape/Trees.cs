using System.Numerics;
using NeuralStyle.Reduction.Rendering;

namespace RenderSamples.Landscape;

/// <summary>Trees as heaps of small leaf clusters, lit from the upper left.</summary>
internal static class Trees
{
    private static readonly Vector3[] Leaves = [Tone.Hex(0x1e3a2c), Tone.Hex(0x3c6434), Tone.Hex(0x7c9440), Tone.Hex(0xd2c160)];

    private static readonly Vector3[] Needles = [Tone.Hex(0x152b2b), Tone.Hex(0x26463a), Tone.Hex(0x4f6f42), Tone.Hex(0x93994e)];

    /// <summary>A round crown of a radius on a short trunk.</summary>
    public static void Round(Canvas canvas, Vector2 foot, float radius, int seed)
    {
        var centre = foot - new Vector2(0, radius * 1.15f);
        var trunk = radius * 0.1f;
        canvas.Polygon([foot - new Vector2(trunk, 0), foot + new Vector2(trunk, 0), centre + new Vector2(trunk, 0),
            centre - new Vector2(trunk, 0)], _ => Tone.Hex(0x453527));
        Crown(canvas, centre, new Vector2(radius, radius * 0.95f), 110, radius * 0.2f, seed, Leaves);
    }

    /// <summary>A slender, dark tree of a height.</summary>
    public static void Cypress(Canvas canvas, Vector2 foot, float height, int seed) =>
        Crown(canvas, foot - new Vector2(0, height * 0.52f), new Vector2(height * 0.125f, height * 0.52f), 130, height * 0.045f, seed,
            Needles);

    private static void Crown(Canvas canvas, Vector2 centre, Vector2 radii, int clusters, float size, int seed, Vector3[] palette)
    {
        for (var i = 0; i < clusters; i++)
        {
            // Clusters grow inwards and towards the light: the last ones painted are the brightest.
            var age = (float)i / clusters;
            var (sin, cos) = MathF.SinCos(MathF.Tau * Noise.Hash(i, seed, 30));
            var reach = MathF.Sqrt(Noise.Hash(i, seed, 31)) * (1 - 0.45f * age);
            var taper = 1 - 0.55f * MathF.Max(0, -sin * reach) * (radii.Y / radii.X > 2 ? 1.5f : 0.2f);
            var at = centre + radii * new Vector2(cos * reach * taper - 0.28f * age, sin * reach - 0.22f * age);
            var tone = 0.08f + 0.8f * age + 0.22f * (Noise.Hash(i, seed, 32) - 0.5f);
            var radius = size * (1.15f - 0.55f * age);
            canvas.Paint(at.X - radius * 1.3f, at.Y - radius * 1.3f, at.X + radius * 1.3f, at.Y + radius * 1.3f, p =>
            {
                var ragged = radius * (1 + 0.5f * Noise.At(p.X * 1.9f / size, p.Y * 1.9f / size, seed));
                if (Vector2.Distance(p, at) > ragged) return default;
                var lit = Vector2.Dot(at - p, new Vector2(0.6f, 0.8f)) / radius * 0.16f;
                return new Vector4(Tone.Gradient(palette, tone + lit + 0.18f * Noise.At(p.X * 5 / size, p.Y * 5 / size, seed + 1)), 1);
            });
        }
    }
}

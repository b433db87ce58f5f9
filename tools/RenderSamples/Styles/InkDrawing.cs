using System.Numerics;
using NeuralStyle.Reduction.Rendering;

namespace RenderSamples.Styles;

/// <summary>Indigo ink on cream paper: lines that swell with the shadow (as in engravings), diluted washes, one vermilion sun.</summary>
internal static class InkDrawing
{
    private static readonly Vector3 Paper = Tone.Hex(0xf3e8cf);
    private static readonly Vector3 Ink = Tone.Hex(0x17213f);
    private static readonly Vector3 Wash = Tone.Hex(0x4f7391);
    private static readonly Vector3 Vermilion = Tone.Hex(0xd1412c);
    private static readonly Vector2 Sun = new(0.93f, 0.30f);

    private static readonly FlowField Flow = new(
        p =>
        {
            var angle = 0.9f * Noise.Fractal(p.X * 1.8f, p.Y * 2.2f, 2, 41) + (p.Y > 0.62f ? 0.5f * MathF.Sin(7 * p.X + 3 * p.Y) : 0);
            return new Vector2(MathF.Cos(angle), MathF.Sin(angle));
        },
        new Vortex(new(0.36f, 0.30f), 0.17f, 1.6f), new Vortex(new(0.70f, 0.55f), 0.12f, -1.5f),
            new Vortex(new(0.15f, 0.62f), 0.12f, -1.4f),
        new Vortex(new(1.16f, 0.66f), 0.15f, 1.5f), new Vortex(new(0.46f, 0.83f), 0.15f, 1.5f), new Vortex(new(0.92f, 0.90f), 0.12f, -1.4f),
        new Vortex(new(0.64f, 0.12f), 0.10f, -1.4f), new Vortex(new(1.22f, 0.12f), 0.10f, 1.3f),
            new Vortex(new(0.06f, 0.14f), 0.09f, -1.3f));

    public static Canvas Render(int height)
    {
        var canvas = new Canvas(height * 4 / 3 * 2, height * 2);
        canvas.Fill(p =>
        {
            var fibre = 1 + 0.025f * Noise.Fractal(p.X * 70, p.Y * 240, 3, 1) + 0.02f * Noise.Fractal(p.X * 5, p.Y * 5, 3, 2);
            var colour = Paper * fibre;
            var edge = Vector2.Distance(p, Sun) + 0.006f * Noise.Fractal(p.X * 22, p.Y * 22, 3, 6);
            if (edge < 0.135f)
                colour = Vector3.Lerp(colour, Vermilion,
                    0.90f - 0.22f * Noise.Fractal(p.X * 9, p.Y * 9, 4, 7) - 4 * MathF.Max(0, 0.03f - (0.135f - edge)) * 0.6f);
            // Washes dry darker at their rim.
            var wet = Shadow(p) + 0.12f * Noise.Fractal(p.X * 6, p.Y * 6, 4, 9) - 0.5f;
            if (wet > 0)
                colour *= Vector3.Lerp(Vector3.One, Wash,
                    0.42f + 0.25f * Tone.Smooth(0.035f, 0, wet) + 0.25f * Noise.Fractal(p.X * 12, p.Y * 12, 4, 10));
            return colour;
        });
        Lines(canvas);
        Splashes(canvas);
        return canvas.Halved();
    }

    /// <summary>How dark a place should be, in [0, 1].</summary>
    private static float Shadow(Vector2 p)
    {
        var streak = Flow.Streak(p, 5, 51);
        var deep = 0.30f * Tone.Smooth(0.35f, 1, p.Y);
        var disc = Tone.Smooth(0.15f, 0.12f, Vector2.Distance(p, Sun));
        return Math.Clamp((0.34f + 0.62f * streak + deep) * (1 - 0.75f * disc), 0, 1);
    }

    /// <summary>Lines of even spacing along the flow (after Jobard and Lefer 1997).</summary>
    private static void Lines(Canvas canvas)
    {
        const float spacing = 0.0105f;
        var columns = (int)(1.36f / spacing) + 2;
        var grid = new List<Vector2>?[columns * columns];
        for (var i = 0; i < 9000; i++)
        {
            var start = new Vector2(1.36f * Noise.Hash(i, 1, 60) - 0.01f, 1.02f * Noise.Hash(i, 2, 60) - 0.01f);
            if (!IsFree(start, 1)) continue;
            var path = Flow.Trace(start, 0.0025f, 130, p => IsFree(p, 0.62f));
            if (path.Count < 22) continue;
            foreach (var p in path) (grid[Cell(p)] ??= []).Add(p);
            Draw(canvas, path, spacing, i);
        }

        int Cell(Vector2 p) =>
            Math.Clamp((int)(p.Y / spacing) + 1, 0, columns - 1) * columns + Math.Clamp((int)(p.X / spacing) + 1, 0, columns - 1);

        bool IsFree(Vector2 p, float share)
        {
            if (p.X < -0.02f || p.Y < -0.02f || p.X > 1.36f || p.Y > 1.03f) return false;
            var limit = spacing * share * spacing * share;
            for (var dy = -1; dy <= 1; dy++)
            {
                for (var dx = -1; dx <= 1; dx++)
                {
                    foreach (var q in grid[Cell(p + spacing * new Vector2(dx, dy))] ?? [])
                    {
                        if (Vector2.DistanceSquared(p, q) < limit) return false;
                    }
                }
            }
            return true;
        }
    }

    private static void Draw(Canvas canvas, List<Vector2> path, float spacing, int seed)
    {
        for (var i = 0; i + 1 < path.Count; i++)
        {
            var t = (float)i / (path.Count - 1);
            var taper = MathF.Min(1, 5 * MathF.Min(t, 1 - t) + 0.1f);
            var pressure = 0.9f + 0.35f * Noise.At(i * 0.05f, 0.5f, seed);
            var half = spacing * taper * pressure * (0.06f + 0.44f * Tone.Smooth(0.15f, 0.85f, Shadow(path[i])));
            var (a, d) = (path[i], path[i + 1] - path[i]);
            canvas.Paint(a.X - half - 0.004f, a.Y - half - 0.004f, a.X + half + 0.004f, a.Y + half + 0.004f, p =>
            {
                var along = Math.Clamp(Vector2.Dot(p - a, d) / d.LengthSquared(), 0, 1);
                return Vector2.Distance(p, a + along * d) < half ? new Vector4(Ink, 0.95f) : default;
            });
        }
    }

    private static void Splashes(Canvas canvas)
    {
        for (var i = 0; i < 90; i++)
        {
            var centre = new Vector2(1.33f * Noise.Hash(i, 1, 70), 0.1f + 0.9f * Noise.Hash(i, 2, 70));
            var radius = 0.0012f + 0.007f * MathF.Pow(Noise.Hash(i, 3, 70), 5);
            canvas.Paint(centre.X - 2 * radius, centre.Y - 2 * radius, centre.X + 2 * radius, centre.Y + 2 * radius, p =>
                Vector2.Distance(p, centre) < radius * (1 + 0.3f * Noise.At(p.X * 400, p.Y * 400, i)) ? new Vector4(Ink, 0.92f) : default);
        }
    }
}

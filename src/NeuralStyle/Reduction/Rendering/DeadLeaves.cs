using System.Numerics;

namespace NeuralStyle.Reduction.Rendering;

/// <summary>
/// Pictures of overlapping shapes with power-law sizes ("dead leaves", Lee, Mumford and Huang 2001): the simplest model with the
/// edges, corners, occlusions and scale invariance of photographs. Each leaf is shaded and textured: flat, grain, stripes, streaks.
/// </summary>
internal static class DeadLeaves
{
    /// <summary>Renders one picture, a function of its seed alone.</summary>
    public static Canvas Render(int size, int seed)
    {
        var canvas = new Canvas(2 * size, 2 * size);
        var random = new Random(seed);
        float Next() => random.NextSingle();
        var palette = Enumerable.Range(0, 7)
            .Select(_ => Tone.Saturate(new Vector3(Next(), Next(), Next()), 0.3f + 0.9f * Next()))
            .ToArray();
        var backdrop = palette[0];
        canvas.Fill(_ => backdrop);
        const float smallest = 0.03f, largest = 0.45f;
        for (var i = 0; i < 420; i++)
        {
            // Sizes with density r^-3 look the same at every scale.
            var u = Next();
            var radius = 1 / MathF.Sqrt(u / (smallest * smallest) + (1 - u) / (largest * largest));
            var leaf = new Leaf(new Vector2(Next(), Next()), radius, 0.15f + 0.85f * Next(), MathF.PI * Next(), random.Next(4),
                random.Next(5), random.Next(1 << 20));
            var (a, b) = (palette[random.Next(7)], palette[random.Next(7)]);
            b = Vector3.Lerp(a, b, 0.25f + 0.5f * Next());
            canvas.Paint(leaf.Centre.X - radius * 1.5f, leaf.Centre.Y - radius * 1.5f, leaf.Centre.X + radius * 1.5f,
                leaf.Centre.Y + radius * 1.5f,
                p => leaf.Covers(p) ? new Vector4(leaf.Colour(p, a, b), 1) : default);
        }
        return canvas.Halved();
    }

    private sealed record Leaf(Vector2 Centre, float Radius, float Aspect, float Angle, int Shape, int Texture, int Seed)
    {
        public bool Covers(Vector2 p)
        {
            var q = Local(p);
            return Shape switch
            {
                0 => q.LengthSquared() < 1,
                1 => MathF.Abs(q.X) < 1 && MathF.Abs(q.Y) < 1,
                2 => q.Y < 0.8f && MathF.Abs(q.X) < (0.8f - q.Y) * 0.6f && q.Y > -1,
                _ => q.Length() < 0.75f + 0.3f * Noise.At(q.X * 1.5f, q.Y * 1.5f, Seed),
            };
        }

        public Vector3 Colour(Vector2 p, Vector3 a, Vector3 b)
        {
            var q = Local(p);
            var frequency = 2 + 9 * Noise.Hash(Seed, 1);
            var mix = Texture switch
            {
                0 => 0.5f + 0.4f * q.X, // shading
                1 => 0.5f + 0.6f * Noise.Fractal(p.X * 4 * frequency, p.Y * 4 * frequency, 4, Seed), // clouds
                2 => 0.5f + 0.5f * MathF.Sin(frequency * 2.5f * q.X + 1.5f * Noise.At(q.X * 2, q.Y * 2, Seed)), // stripes
                3 => 0.5f + 0.8f * Noise.Fractal(q.X * 1.5f, q.Y * frequency * 2.5f, 3, Seed), // streaks
                _ => MathF.Max(MathF.Sin(frequency * 2.2f * q.X), MathF.Sin(frequency * 2.2f * q.Y)), // grid
            };
            return Vector3.Lerp(a, b, Math.Clamp(mix, 0, 1)) * (1 + 0.25f * q.Y);
        }

        private Vector2 Local(Vector2 p)
        {
            var (sin, cos) = MathF.SinCos(Angle);
            var d = (p - Centre) / Radius;
            return new Vector2(d.X * cos + d.Y * sin, (d.Y * cos - d.X * sin) / Aspect);
        }
    }
}

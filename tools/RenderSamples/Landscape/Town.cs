using System.Numerics;
using NeuralStyle.Reduction.Rendering;

namespace RenderSamples.Landscape;

/// <summary>Rows of gabled houses on the slope above the quay, a church, and trees between them.</summary>
internal static class Town
{
    private static readonly Vector3[] Walls =
        [Tone.Hex(0xf3e3c3), Tone.Hex(0xf0c98a), Tone.Hex(0xe7a27a), Tone.Hex(0xf6efe2), Tone.Hex(0xd9d2b4), Tone.Hex(0xe8b7a0),
            Tone.Hex(0xc8d0cf)];

    private static readonly Vector3[] Roofs = [Tone.Hex(0xb5482f), Tone.Hex(0xa03b2c), Tone.Hex(0xc65f38), Tone.Hex(0x8c4a3a),
        Tone.Hex(0x6b5a5e)];

    public static void Paint(Canvas canvas)
    {
        Slope(canvas);
        for (var row = 0; row < 3; row++)
        {
            var ground = 0.566f + 0.032f * row;
            var x = 0.50f - 0.03f * row + 0.02f * Noise.Hash(row, 1);
            for (var i = 0; x < 1.26f; i++)
            {
                var size = 0.036f + 0.010f * row + 0.012f * Noise.Hash(i, row, 2);
                var foot = ground + 0.010f * Noise.Hash(i, row, 3) - 0.012f * Tone.Smooth(0.7f, 1.2f, x) * (2 - row);
                if (row == 0 && i == 4) Church(canvas, new Vector2(x, foot));
                else if (Noise.Hash(i, row, 4) < 0.2f) Trees.Round(canvas, new(x + 0.02f, foot), 0.026f + 0.006f * row, 100 * row + i);
                else House(canvas, new Vector2(x, foot), size, 31 * row + i);
                if (Noise.Hash(i, row, 5) < 0.3f)
                    Trees.Cypress(canvas, new(x + size * 1.25f, foot + 0.004f), 0.055f + 0.02f * row, 100 * row + i);
                x += size * (1.42f + 0.5f * Noise.Hash(i, row, 6));
            }
        }
        Quay(canvas);
        for (var i = 0; i < 12; i++)
        {
            var x = 0.02f + 0.042f * i + 0.02f * Noise.Hash(i, 7);
            Trees.Round(canvas, new(x, 0.634f), 0.028f + 0.022f * Noise.Hash(i, 8), 500 + i);
        }
        Trees.Cypress(canvas, new(0.475f, 0.637f), 0.125f, 900);
        Trees.Cypress(canvas, new(0.445f, 0.637f), 0.095f, 901);
        Trees.Round(canvas, new(1.22f, 0.634f), 0.05f, 902);
        Trees.Round(canvas, new(1.30f, 0.634f), 0.062f, 903);
    }

    private static void Slope(Canvas canvas) => canvas.Paint(0, 0.5f, canvas.Aspect, LakeTown.WaterLine, p =>
    {
        var crest = 0.585f - 0.045f * Tone.Smooth(0.35f, 0.9f, p.X) + 0.008f * Noise.Fractal(p.X * 7, 1, 3, 70);
        var grass = Vector3.Lerp(Tone.Hex(0x4d6b35), Tone.Hex(0xa9ad4e), 0.5f + 0.6f * Noise.Fractal(p.X * 40, p.Y * 90, 4, 71));
        return p.Y < crest ? default : new Vector4(grass, 1);
    });

    private static void Quay(Canvas canvas) => canvas.Paint(0.47f, 0.622f, canvas.Aspect, LakeTown.WaterLine + 0.004f, p =>
    {
        var (row, along) = (MathF.Floor(p.Y * 170), p.X * 75);
        var stone = Noise.Hash((int)MathF.Floor(along + 0.5f * (row % 2)), (int)row, 12);
        var joint = MathF.Min(Fraction(p.Y * 170), Fraction(along + 0.5f * (row % 2))) < 0.13f ? 0.72f : 1;
        return new Vector4(Vector3.Lerp(Tone.Hex(0x8d8375), Tone.Hex(0xcbb897), stone) * joint * (p.Y < 0.626f ? 1.12f : 0.86f), 1);
    });

    /// <summary>A house seen from its lit gable side (left) and its shaded long side (right).</summary>
    private static void House(Canvas canvas, Vector2 foot, float size, int seed)
    {
        var wall = Walls[(int)(Noise.Hash(seed, 1, 50) * Walls.Length)];
        var roof = Roofs[(int)(Noise.Hash(seed, 2, 50) * Roofs.Length)];
        var (gable, side, eaves, ridge) = (size * 0.62f, size * 0.85f, size * (0.72f + 0.4f * Noise.Hash(seed, 3, 50)), size * 0.5f);
        Vector2 At(float x, float up) => new(foot.X + x, foot.Y - up);
        var apex = At(gable / 2, eaves + ridge);
        var farApex = At(gable / 2 + side, eaves + ridge * 0.94f);

        canvas.Polygon([At(0, 0), At(gable, 0), At(gable, eaves), apex, At(0, eaves)], p => Plaster(p, wall * 1.02f, 1));
        canvas.Polygon([At(gable, 0), At(gable + side, 0), At(gable + side, eaves * 0.97f), At(gable, eaves)], p => Plaster(p, wall, 0));
        Windows(canvas, At(0, 0), gable, eaves, lit: true, seed);
        Windows(canvas, At(gable, 0), side, eaves * 0.97f, lit: false, seed);
        var tiles = 7 / size;
        canvas.Polygon([apex, farApex, At(gable + side + 0.1f * size, eaves * 0.93f), At(gable + 0.06f * size, eaves * 0.95f)], p =>
            roof * (0.78f + 0.14f * MathF.Sin(MathF.Tau * (p.Y - 0.1f * p.X) * tiles) + 0.3f * Noise.At(p.X * 300, p.Y * 300, seed)));
        // The overhang of the roof before the gable: its bright edge.
        canvas.Polygon([At(-0.07f * size, eaves * 0.94f), apex with { Y = apex.Y - 0.07f * size }, apex], _ => roof * 1.35f);
        canvas.Polygon([At(gable + 0.07f * size, eaves * 0.94f), apex with { Y = apex.Y - 0.07f * size }, apex], _ => roof * 0.8f);
        var chimney = At(gable / 2 + side * 0.6f, eaves + ridge * 0.8f);
        var c = size * 0.09f;
        canvas.Polygon([chimney, chimney with { X = chimney.X + c }, new(chimney.X + c, chimney.Y - 2.6f * c),
            new(chimney.X, chimney.Y - 2.6f * c)], p =>
            p.X < chimney.X + 0.45f * c ? Tone.Hex(0xd09a78) : Tone.Hex(0x7d5148));
    }

    private static Vector3 Plaster(Vector2 p, Vector3 colour, float light)
    {
        var stain = 1 + 0.10f * Noise.Fractal(p.X * 120, p.Y * 60, 3, 90);
        return colour * stain * Vector3.Lerp(new(0.50f, 0.52f, 0.66f), new(1.03f, 0.98f, 0.88f), light);
    }

    private static void Windows(Canvas canvas, Vector2 corner, float width, float height, bool lit, int seed)
    {
        var (columns, rows) = (lit ? 2 : 3, height > 0.04f ? 3 : 2);
        for (var i = 0; i < columns * rows; i++)
        {
            var (column, row) = (i % columns, i / columns);
            var centre = new Vector2(corner.X + width * (column + 0.5f) / columns, corner.Y - height * (row + 0.55f) / rows);
            var (w, h) = (width * 0.17f * 2 / columns, height * 0.28f / rows);
            var glass = Noise.Hash(i, seed, lit ? 60 : 61) < 0.25f ? Tone.Hex(0xffd98a) : Tone.Hex(0x34465c);
            var frame = lit ? Tone.Hex(0xfdf6e6) : Tone.Hex(0x8d93a3);
            canvas.Paint(centre.X - w * 1.3f, centre.Y - h * 1.2f, centre.X + w * 1.3f, centre.Y + h * 1.2f, p =>
            {
                var inside = MathF.Abs(p.X - centre.X) < w && MathF.Abs(p.Y - centre.Y) < h && MathF.Abs(p.X - centre.X) > 0.12f * w;
                return new Vector4(inside ? glass : frame, 1);
            });
        }
    }

    private static void Church(Canvas canvas, Vector2 foot)
    {
        House(canvas, foot + new Vector2(0.018f, 0), 0.075f, 7);
        Vector2 At(float x, float up) => new(foot.X + x, foot.Y - up);
        const float w = 0.030f, h = 0.125f;
        canvas.Polygon([At(0, 0), At(w * 0.55f, 0), At(w * 0.55f, h), At(0, h)], p => Plaster(p, Walls[3], 1));
        canvas.Polygon([At(w * 0.55f, 0), At(w, 0), At(w, h), At(w * 0.55f, h)], p => Plaster(p, Walls[3], 0));
        canvas.Polygon([At(-0.003f, h), At(w * 0.55f, h), At(w * 0.5f, h + 0.085f)], _ => Tone.Hex(0x7fa39a));
        canvas.Polygon([At(w * 0.55f, h), At(w + 0.003f, h), At(w * 0.5f, h + 0.085f)], _ => Tone.Hex(0x3d5f66));
        foreach (var up in (ReadOnlySpan<float>)[0.055f, 0.1f])
        {
            canvas.Polygon([At(0.005f, up), At(0.011f, up), At(0.011f, up + 0.012f), At(0.008f, up + 0.016f), At(0.005f, up + 0.012f)],
                _ => Tone.Hex(0x3a4254));
            canvas.Polygon([At(0.020f, up), At(0.025f, up), At(0.025f, up + 0.012f), At(0.0225f, up + 0.016f), At(0.020f, up + 0.012f)],
                _ => Tone.Hex(0x2a3144));
        }
    }

    private static float Fraction(float x) => x - MathF.Floor(x);
}

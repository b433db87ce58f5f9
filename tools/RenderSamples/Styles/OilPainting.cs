using System.Numerics;
using NeuralStyle.Reduction.Rendering;

namespace RenderSamples.Styles;

/// <summary>The main style: a whirling sky over hills in thick strokes of oil, ultramarine against cadmium yellow and vermilion.</summary>
internal static class OilPainting
{
    private static readonly Vector3[] SkyPaint =
        [Tone.Hex(0x101a56), Tone.Hex(0x1b2f8f), Tone.Hex(0x2357b8), Tone.Hex(0x3b8ccf), Tone.Hex(0x86c6cf), Tone.Hex(0xf0e9b4)];

    private static readonly Vector3[] SunPaint =
        [Tone.Hex(0xfff3a6), Tone.Hex(0xffd93b), Tone.Hex(0xfbb021), Tone.Hex(0xee7420), Tone.Hex(0xc9432b), Tone.Hex(0x2d57ad)];

    private static readonly Vector3[] LandPaint =
        [Tone.Hex(0x0d2b3a), Tone.Hex(0x14524f), Tone.Hex(0x2f7d52), Tone.Hex(0x8aa53a), Tone.Hex(0xe0b431), Tone.Hex(0xe8762b)];

    private static readonly (Vector2 Centre, float Radius)[] Suns =
        [(new(1.02f, 0.24f), 0.155f), (new(0.40f, 0.17f), 0.085f), (new(0.70f, 0.47f), 0.060f), (new(0.13f, 0.42f), 0.065f)];

    private static readonly FlowField Flow = new(
        p =>
        {
            var angle = 0.55f * Noise.Fractal(p.X * 1.5f, p.Y * 1.9f, 2, 3);
            if (p.Y > Hills(p.X))
                angle += MathF.Atan2(Hills(p.X + 0.02f) - Hills(p.X - 0.02f), 0.04f) + 0.5f * MathF.Sin(9 * p.X + 14 * p.Y);
            return new Vector2(MathF.Cos(angle), MathF.Sin(angle));
        },
        new Vortex(Suns[0].Centre, 0.20f, 1.6f), new Vortex(Suns[1].Centre, 0.12f, -1.4f), new Vortex(Suns[2].Centre, 0.085f, 1.3f),
        new Vortex(Suns[3].Centre, 0.09f, -1.4f), new Vortex(new(0.62f, 0.30f), 0.13f, -1.5f), new Vortex(new(0.30f, 0.36f), 0.10f, 1.3f));

    public static Canvas Render(int height)
    {
        var canvas = new Canvas(height * 4 / 3 * 2, height * 2);
        canvas.Fill(p => p.Y > Hills(p.X) ? LandPaint[1] : SkyPaint[1]);
        var painter = new BrushPainter(canvas);
        Layer(painter, 900, 0.040f, 0.17f, 1);
        Layer(painter, 3200, 0.022f, 0.13f, 2);
        Layer(painter, 5200, 0.014f, 0.095f, 3);
        Tree(painter);
        painter.Light(0.3f);
        return canvas.Halved();
    }

    private static void Layer(BrushPainter painter, int strokes, float width, float length, int seed)
    {
        for (var i = 0; i < strokes; i++)
        {
            var start = new Vector2(-0.02f + 1.38f * Noise.Hash(i, 1, seed), -0.02f + 1.04f * Noise.Hash(i, 2, seed));
            var land = start.Y > Hills(start.X);
            var scale = 0.7f + 0.6f * Noise.Hash(i, 3, seed);
            var path = Flow.Trace(start, 0.004f, (int)(length * scale / 0.008f), p => p.Y > Hills(p.X) == land);
            if (path.Count < 5) continue;
            if (Noise.Hash(i, 4, seed) < 0.5f) path.Reverse();
            var colour = Paint(start, land, i, seed);
            var streak = Paint(start + 0.02f * new Vector2(Noise.Hash(i, 5, seed) - 0.5f, Noise.Hash(i, 6, seed) - 0.5f), land, i + 7777,
                seed);
            painter.Stroke(path, width * scale, colour, Vector3.Lerp(streak, colour * 0.75f, 0.3f), 100 * seed + i);
        }
    }

    private static Vector3 Paint(Vector2 p, bool land, int i, int seed)
    {
        var whim = Noise.Hash(i, 8, seed) - 0.5f;
        if (land)
        {
            var rows = MathF.Sin(11 * p.X + 30 * p.Y + 2.5f * Noise.At(p.X * 3, p.Y * 3, 9));
            var lit = 0.42f + 0.3f * rows + 0.25f * Flow.Streak(p, 9, 31) + 0.5f * whim - 0.25f * Tone.Smooth(0.75f, 1, p.Y);
            return Tone.Gradient(LandPaint, lit);
        }
        var streak = Flow.Streak(p, 11, 17);
        var tone = 0.34f + 0.42f * streak + 0.34f * whim + 0.16f * Tone.Smooth(0.3f, 0.62f, p.Y);
        var colour = Tone.Gradient(SkyPaint, tone);
        foreach (var (centre, radius) in Suns)
        {
            var d = Vector2.Distance(p, centre) / radius;
            var rings = d + 0.16f * streak + 0.3f * whim;
            if (rings < 1.15f) colour = Tone.Gradient(SunPaint, rings / 1.15f);
            else if (d < 2.3f && MathF.Sin(7.5f * d + 2 * streak + 1.2f * whim) > 0.72f)
                colour = Vector3.Lerp(SunPaint[1], SkyPaint[4], (d - 1.15f) / 1.15f);
        }
        return colour;
    }

    /// <summary>A dark, flaming tree at the left, the counterweight of the great sun.</summary>
    private static void Tree(BrushPainter painter)
    {
        for (var i = 0; i < 330; i++)
        {
            var up = Noise.Hash(i, 1, 90);
            var side = (Noise.Hash(i, 2, 90) - 0.5f) * (i < 200 ? 1 : 0.7f);
            var reach = 0.105f * MathF.Pow(1 - up, 0.75f) * (1 + 0.3f * MathF.Sin(17 * up));
            var start = new Vector2(0.225f + 0.02f * MathF.Sin(8 * up) + 2 * side * reach, 1.02f - 0.80f * up);
            var path = new List<Vector2>();
            var steps = 10 + (int)(14 * Noise.Hash(i, 3, 90));
            for (var s = 0; s < steps; s++)
            {
                var angle = -MathF.PI / 2 - 1.1f * side * (1 - 1.5f * s / steps) + 0.7f
                    * Noise.At(start.X * 14, start.Y * 9 - s * 0.05f, 91);
                path.Add(start);
                start += 0.0045f * new Vector2(MathF.Cos(angle), MathF.Sin(angle));
            }
            var tone = Noise.Hash(i, 4, 90);
            var colour = Vector3.Lerp(Tone.Hex(0x0b1c22), Tone.Hex(0x1f5a45), tone * tone);
            var streak = tone > 0.8f ? Tone.Hex(0xb4692a) : tone > 0.55f ? Tone.Hex(0x3d7a4a) : Tone.Hex(0x15324f);
            painter.Stroke(path, 0.010f + 0.006f * Noise.Hash(i, 5, 90), colour, streak, 5000 + i);
        }
    }

    private static float Hills(float x) => 0.635f + 0.05f * MathF.Sin(3.1f * x + 0.4f) + 0.025f * MathF.Sin(7.3f * x + 1.9f);
}

using System.Numerics;

namespace NeuralStyle.Reduction.Rendering;

/// <summary>Abstract paintings and hatchings along random flows: strokes of every width, palette and direction.</summary>
internal static class Brushwork
{
    /// <summary>Renders one picture, a function of its seed alone.</summary>
    public static Canvas Render(int size, int seed)
    {
        var canvas = new Canvas(2 * size, 2 * size);
        var random = new Random(seed);
        float Next() => random.NextSingle();
        var hatching = random.Next(3) == 0;
        var palette = Enumerable.Range(0, hatching ? 3 : 6)
            .Select(_ => Tone.Saturate(new Vector3(Next(), Next(), Next()), 0.4f + Next()))
            .ToArray();
        var (angle, bend) = (MathF.Tau * Next(), 0.5f + 1.5f * Next());
        var vortices = Enumerable.Range(0, random.Next(5))
            .Select(_ => new Vortex(new(Next(), Next()), 0.12f + 0.2f * Next(), 3 * Next() - 1.5f))
            .ToArray();
        var flow = new FlowField(p =>
        {
            var turned = angle + bend * Noise.At(p.X * 2.2f, p.Y * 2.2f, seed);
            return new Vector2(MathF.Cos(turned), MathF.Sin(turned));
        }, vortices);

        var width = hatching ? 0.008f + 0.014f * Next() : 0.015f + 0.05f * Next() * Next();
        var backdrop = palette[0];
        canvas.Fill(_ => backdrop);
        var painter = new BrushPainter(canvas);
        var length = 0.1f + 0.2f * Next();
        var strokes = (int)((hatching ? 0.6f : 2.5f) / (width * length));
        for (var i = 0; i < strokes; i++)
        {
            var start = new Vector2(1.1f * Next() - 0.05f, 1.1f * Next() - 0.05f);
            var path = flow.Trace(start, 0.008f, (int)(length / 0.016f));
            var place = 0.5f + 0.6f * Noise.At(start.X * 3, start.Y * 3, seed + 5) + 0.35f * (Next() - 0.5f);
            var colour = hatching ? palette[1 + (place > 0.75f ? 1 : 0)] : Tone.Gradient(palette, place);
            painter.Stroke(path, width * (0.7f + 0.6f * Next()), colour, Tone.Gradient(palette, place + 0.3f * (Next() - 0.5f)), i);
        }
        if (!hatching) painter.Light(0.3f * Next());
        return canvas.Halved();
    }
}

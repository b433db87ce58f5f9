using System.Numerics;
using NeuralStyle.Reduction.Rendering;

namespace RenderSamples.Landscape;

/// <summary>The lake: the scene above mirrored in ripples that grow towards the viewer, with the glitter of the sun.</summary>
internal static class Water
{
    public static void Paint(Canvas canvas)
    {
        var scene = canvas.Copy();
        canvas.Paint(0, LakeTown.WaterLine, canvas.Aspect, 1, p =>
        {
            var near = (p.Y - LakeTown.WaterLine) / (1 - LakeTown.WaterLine); // 0 at the quay, 1 at the lower border
            var wave = Waves(p, near);
            var slope = Waves(p + new Vector2(0, 0.002f), near) - wave;
            var mirrored = new Vector2(
                p.X + (0.003f + 0.03f * near) * wave,
                2 * LakeTown.WaterLine - p.Y - 0.04f * near + (0.006f + 0.11f * near) * wave);
            var reflection = scene.Sample(mirrored with { Y = Math.Clamp(mirrored.Y, 0.02f, LakeTown.WaterLine - 0.002f) });

            var deep = Vector3.Lerp(Tone.Hex(0x2b6076), Tone.Hex(0x123a55), near);
            var clear = 0.86f - 0.36f * near + 0.7f * slope; // looking down, one sees into the water; along it, the sky
            var colour = Vector3.Lerp(deep, reflection * new Vector3(0.93f, 0.96f, 0.98f), Math.Clamp(clear, 0.15f, 0.95f));

            var path = MathF.Exp(-MathF.Pow((p.X - LakeTown.Sun.X - 0.02f * wave) / (0.03f + 0.11f * near), 2));
            var spark = Tone.Smooth(0.16f, 0.5f, wave + 0.35f * Noise.At(p.X * 60 / (0.5f + near), p.Y * 240 / (0.5f + near), 8));
            colour = Vector3.Lerp(colour, Tone.Hex(0xffe9b8), 0.85f * path * spark);
            var contact = 1 - 0.4f * MathF.Exp(-near * 60); // the dark line under the quay
            return new Vector4(colour * contact, 1);
        });
    }

    private static float Waves(Vector2 p, float near)
    {
        // Plane perspective: distance goes with the inverse of the height below the horizon.
        var depth = 0.16f / (near + 0.10f);
        var q = new Vector2((p.X - 0.66f) * depth * 9, depth * 26);
        return 0.62f * Noise.Fractal(q.X + 0.4f * Noise.At(q.X, q.Y * 0.4f, 2), q.Y, 3, 1) + 0.25f
            * Noise.At(q.X * 3.1f + q.Y * 0.3f, q.Y * 2.3f, 4);
    }
}

using System.Numerics;
using NeuralStyle.Reduction.Rendering;

namespace RenderSamples.Landscape;

/// <summary>A rowing boat with its shadow, and reeds in the corner: the near things that give the picture depth.</summary>
internal static class Foreground
{
    public static void Paint(Canvas canvas)
    {
        Boat(canvas, new Vector2(0.84f, 0.80f), 0.105f);
        Reeds(canvas);
    }

    private static void Boat(Canvas canvas, Vector2 middle, float half)
    {
        canvas.Paint(middle.X - half * 1.2f, middle.Y - 0.01f, middle.X + half * 1.2f, middle.Y + 0.075f, p =>
        {
            // The reflection, broken by ripples.
            var q = (p - middle - new Vector2(0.006f * Noise.At(p.X * 30, p.Y * 190, 3), 0)) / half;
            var inside = q.X * q.X + MathF.Pow(MathF.Max(0, q.Y) / 0.62f, 2);
            return new Vector4(Tone.Hex(0x1d2a33), 0.72f * Tone.Smooth(1, 0.75f, inside));
        });
        canvas.Paint(middle.X - half * 1.1f, middle.Y - half * 0.6f, middle.X + half * 1.1f, middle.Y + half * 0.45f, p =>
        {
            var q = (p - middle) / half;
            var sheer = -0.14f - 0.26f * q.X * q.X * (q.X > 0 ? 1.25f : 1); // the gunwale rises to bow and stern
            var keel = 0.20f - 0.24f * MathF.Pow(MathF.Abs(q.X), 3.5f);
            if (MathF.Abs(q.X) > 1 || q.Y < sheer - 0.10f * (1 - q.X * q.X) || q.Y > keel) return default;
            if (q.Y < sheer) return new Vector4(Interior(q, sheer), 1);
            if (q.Y < sheer + 0.045f) return new Vector4(Tone.Hex(0xf4e2bd), 1);
            var plank = MathF.Floor((q.Y - sheer) * 11);
            var light = 1.05f - 0.55f * (q.Y - sheer) / (keel - sheer) - 0.18f * q.X + 0.08f * Noise.At(q.X * 9, plank * 3, 5);
            return new Vector4((plank < 2 ? Tone.Hex(0x2f7f92) : Tone.Hex(0xc9472f)) * light, 1);
        });
    }

    private static Vector3 Interior(Vector2 q, float sheer)
    {
        var bench = MathF.Abs(q.X + 0.35f) < 0.07f || MathF.Abs(q.X - 0.3f) < 0.07f;
        return bench ? Tone.Hex(0xd8a668) : Tone.Hex(0x5b3d2a) * (0.8f + 3 * (sheer - q.Y));
    }

    private static void Reeds(Canvas canvas)
    {
        for (var i = 0; i < 190; i++)
        {
            var right = i % 3 == 0;
            var spread = Noise.Hash(i, 1, 200) * Noise.Hash(i, 2, 200);
            var root = new Vector2(right ? canvas.Aspect - 0.24f * spread : 0.34f * spread, 1.02f);
            var length = (right ? 0.17f : 0.27f) * (0.4f + 0.8f * Noise.Hash(i, 3, 200)) * (1 - 0.7f * spread);
            var lean = 0.35f * (Noise.Hash(i, 4, 200) - (right ? 0.62f : 0.38f)) * length;
            var colour = Vector3.Lerp(Tone.Hex(0x1f3222), Tone.Hex(0xb3a24c), Noise.Hash(i, 5, 200) * (0.4f + 0.6f * i / 190f));
            var width = 0.0016f + 0.0022f * Noise.Hash(i, 6, 200);
            canvas.Paint(root.X - 0.1f, root.Y - length, root.X + 0.1f, 1, p =>
            {
                var t = (root.Y - p.Y) / length;
                if (t is < 0 or > 1) return default;
                var across = MathF.Abs(p.X - root.X - lean * t * t * 2.2f);
                return across > width * (1 - t * 0.9f) ? default : new Vector4(colour * (0.75f + 0.4f * t), 1);
            });
        }
    }
}

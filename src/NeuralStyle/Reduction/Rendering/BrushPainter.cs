using System.Numerics;

namespace NeuralStyle.Reduction.Rendering;

/// <summary>Paints strokes of thick paint: bristles carry two colours, run dry, and leave ridges that catch the light.</summary>
internal sealed class BrushPainter(Canvas canvas)
{
    private readonly float[] _relief = new float[canvas.Width * canvas.Height];

    /// <summary>Paints one stroke.</summary>
    /// <param name="path">Positions along its middle, closely spaced.</param>
    /// <param name="width">In units of the height of the canvas.</param>
    /// <param name="colour">Of most of the paint.</param>
    /// <param name="streak">Of the rest, at one edge of the brush.</param>
    /// <param name="seed">Seed of the bristles.</param>
    public void Stroke(IReadOnlyList<Vector2> path, float width, Vector3 colour, Vector3 streak, int seed)
    {
        var half = width * canvas.Height / 2;
        var across = Math.Max(2, (int)(half * 2 / 0.6f));
        var travelled = 0f;
        for (var i = 0; i + 1 < path.Count; i++)
        {
            var (a, b) = (path[i] * canvas.Height, path[i + 1] * canvas.Height);
            var along = b - a;
            var length = along.Length();
            if (length < 1e-3f) continue;
            var normal = new Vector2(-along.Y, along.X) / length;
            var steps = Math.Max(1, (int)MathF.Ceiling(length / 0.6f));
            for (var s = 0; s < steps; s++)
            {
                var t = (i + (float)s / steps) / (path.Count - 1);
                var body = half * MathF.Min(1, MathF.Sqrt(MathF.Min(t, 1 - t) * 9) + 0.15f); // rounded ends
                for (var k = 0; k <= across; k++)
                {
                    var offset = 2f * k / across - 1;
                    Touch(a + along * s / steps + normal * offset * body, offset, t, travelled + length * s / steps);
                }
            }
            travelled += length;
        }

        void Touch(Vector2 at, float offset, float t, float distance)
        {
            var (x, y) = ((int)at.X, (int)at.Y);
            if (at.X < 0 || at.Y < 0 || x >= canvas.Width || y >= canvas.Height) return;
            var bristle = Noise.At(offset * half * 0.42f + 0.5f * seed, distance * 0.012f, seed);
            if (t > 0.55f && bristle < 2.4f * (t - 0.55f) - 0.75f) return; // dry
            var ridge = 0.55f + 0.45f * bristle + 0.35f * offset * offset + 0.25f * Tone.Smooth(0.85f, 1, t);
            var mix = Tone.Smooth(0.1f, 0.75f, offset * 0.55f + 0.55f * bristle);
            var paint = Vector3.Lerp(colour, streak, mix) * (1 + 0.07f * bristle);
            var index = y * canvas.Width + x;
            var cover = Tone.Smooth(1.02f, 0.8f, MathF.Abs(offset)) * 0.96f;
            canvas.Pixels[index] = Vector3.Lerp(canvas.Pixels[index], paint, cover);
            _relief[index] = float.Lerp(_relief[index], ridge, cover);
        }
    }

    /// <summary>Lights the ridges from the upper left. Call once, at the end.</summary>
    /// <param name="strength">How deep the paint looks.</param>
    public void Light(float strength)
    {
        for (var y = 1; y < canvas.Height - 1; y++)
        {
            for (var x = 1; x < canvas.Width - 1; x++)
            {
                var index = y * canvas.Width + x;
                var slope = _relief[index + 1] - _relief[index - 1] + _relief[index + canvas.Width] - _relief[index - canvas.Width];
                var light = Math.Clamp(strength * slope, -0.4f, 0.4f);
                var colour = canvas.Pixels[index] * (1 + light);
                canvas.Pixels[index] = colour + new Vector3(MathF.Max(0, light - 0.14f) * 0.7f); // gloss
            }
        }
    }
}

using System.Numerics;

namespace NeuralStyle.Reduction.Rendering;

/// <summary>A whirl: centre, radius, and strength (its sign is the sense of rotation).</summary>
internal readonly record struct Vortex(Vector2 Centre, float Radius, float Strength);

/// <summary>Directions of strokes: a steady drift, bent by noise and caught by whirls.</summary>
internal sealed class FlowField(Func<Vector2, Vector2> drift, params Vortex[] vortices)
{
    /// <summary>The direction at a position, of length 1.</summary>
    public Vector2 At(Vector2 p)
    {
        var v = drift(p);
        foreach (var (centre, radius, strength) in vortices)
        {
            var d = (p - centre) / radius;
            v += strength * MathF.Exp(-d.LengthSquared()) * 3 * new Vector2(-d.Y, d.X);
        }
        var length = v.Length();
        return length < 1e-6f ? Vector2.UnitX : v / length;
    }

    /// <summary>
    /// Positions along the flow, both ways from a start, <paramref name="step"/> apart; ends where <paramref name="inside"/> returns false.
    /// </summary>
    public List<Vector2> Trace(Vector2 start, float step, int stepsEachWay, Func<Vector2, bool>? inside = null)
    {
        var back = Walk(-step);
        back.Reverse();
        back.Add(start);
        back.AddRange(Walk(step));
        return back;

        List<Vector2> Walk(float signed)
        {
            var points = new List<Vector2>(stepsEachWay);
            var p = start;
            for (var i = 0; i < stepsEachWay; i++)
            {
                p += signed * At(p + 0.5f * signed * At(p)); // midpoint rule
                if (inside is not null && !inside(p)) break;
                points.Add(p);
            }
            return points;
        }
    }

    /// <summary>Noise smeared along the flow (line integral convolution): streaks in about [-1, 1].</summary>
    public float Streak(Vector2 p, float frequency, int seed)
    {
        var sum = 0f;
        var line = Trace(p, 0.012f, 9);
        foreach (var q in line) sum += Noise.At(q.X * frequency, q.Y * frequency, seed);
        return 1.7f * sum / line.Count;
    }
}

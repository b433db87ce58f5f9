namespace NeuralStyle.Reduction.Rendering;

/// <summary>Gradient noise (Perlin 1985) over an integer hash: deterministic, without tables.</summary>
internal static class Noise
{
    /// <summary>A well-mixed number in [0, 1) for a cell.</summary>
    public static float Hash(int x, int y, int seed = 0)
    {
        unchecked
        {
            var h = (uint)x * 0x8da6b343u ^ (uint)y * 0xd8163841u ^ (uint)seed * 0xcb1ab31fu;
            h = (h ^ (h >> 16)) * 0x7feb352du;
            h = (h ^ (h >> 15)) * 0x846ca68bu;
            return ((h ^ (h >> 16)) >> 8) * (1f / (1 << 24));
        }
    }

    /// <summary>Smooth noise with features of size 1, in about [-1, 1].</summary>
    public static float At(float x, float y, int seed = 0)
    {
        var (cx, cy) = (MathF.Floor(x), MathF.Floor(y));
        var (fx, fy) = (x - cx, y - cy);
        var (u, v) = (Fade(fx), Fade(fy));
        var (ix, iy) = ((int)cx, (int)cy);
        var top = float.Lerp(Corner(ix, iy, fx, fy), Corner(ix + 1, iy, fx - 1, fy), u);
        var bottom = float.Lerp(Corner(ix, iy + 1, fx, fy - 1), Corner(ix + 1, iy + 1, fx - 1, fy - 1), u);
        return 1.6f * float.Lerp(top, bottom, v);

        float Corner(int gx, int gy, float dx, float dy)
        {
            var (sin, cos) = MathF.SinCos(MathF.Tau * Hash(gx, gy, seed));
            return dx * cos + dy * sin;
        }
    }

    /// <summary>Octaves of noise, each half as large and half as strong as the one before; in about [-1, 1].</summary>
    public static float Fractal(float x, float y, int octaves, int seed = 0)
    {
        var (sum, weight) = (0f, 0.5f);
        for (var octave = 0; octave < octaves; octave++)
        {
            sum += weight * At(x, y, seed + octave);
            (x, y, weight) = (2.03f * x + 17.1f, 2.03f * y - 9.7f, weight / 2);
        }
        return 1.3f * sum;
    }

    /// <summary>Octaves of sharp crests, as of mountains; in about [0, 1].</summary>
    public static float Ridged(float x, float y, int octaves, int seed = 0)
    {
        var (sum, weight, total) = (0f, 1f, 0f);
        for (var octave = 0; octave < octaves; octave++)
        {
            var crest = 1 - MathF.Min(1, MathF.Abs(At(x, y, seed + octave)) * 1.4f);
            sum += weight * crest * crest;
            total += weight;
            (x, y, weight) = (2.1f * x + 31.7f, 2.1f * y + 5.3f, weight * 0.5f);
        }
        return sum / total;
    }

    private static float Fade(float t) => t * t * t * (t * (t * 6 - 15) + 10);
}

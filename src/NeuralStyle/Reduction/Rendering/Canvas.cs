using System.Numerics;

namespace NeuralStyle.Reduction.Rendering;

/// <summary>
/// A picture of floats. Positions are in units of its height: y from 0 (top) to 1, x from 0 to <see cref="Aspect"/>, so that a
/// scene looks the same at every size.
/// </summary>
internal sealed class Canvas(int width, int height)
{
    public int Width { get; } = width;

    public int Height { get; } = height;

    public float Aspect => (float)Width / Height;

    /// <summary>Row by row, sRGB.</summary>
    public Vector3[] Pixels { get; } = new Vector3[width * height];

    /// <summary>Covers everything: a colour for each position.</summary>
    public void Fill(Func<Vector2, Vector3> colour) => Paint(0, 0, Aspect, 1, p => new Vector4(colour(p), 1));

    /// <summary>Paints over a rectangle: red, green, blue and coverage for each position.</summary>
    public void Paint(float left, float top, float right, float bottom, Func<Vector2, Vector4> shader)
    {
        var (x0, x1) = (Math.Max(0, (int)(left * Height)), Math.Min(Width, (int)MathF.Ceiling(right * Height)));
        var (y0, y1) = (Math.Max(0, (int)(top * Height)), Math.Min(Height, (int)MathF.Ceiling(bottom * Height)));
        if (x0 >= x1 || y0 >= y1) return;
        Parallel.For(y0, y1, y =>
        {
            for (var x = x0; x < x1; x++)
            {
                var paint = shader(new Vector2(x + 0.5f, y + 0.5f) / Height);
                if (paint.W <= 0) continue;
                ref var pixel = ref Pixels[y * Width + x];
                pixel = Vector3.Lerp(pixel, paint.AsVector3(), MathF.Min(1, paint.W));
            }
        });
    }

    /// <summary>Paints a convex polygon, its corners in either order.</summary>
    public void Polygon(ReadOnlySpan<Vector2> corners, Func<Vector2, Vector3> colour)
    {
        var points = corners.ToArray();
        var area = 0f;
        for (var i = 0; i < points.Length; i++) area += Cross(points[i], points[(i + 1) % points.Length]);
        var sign = MathF.Sign(area);
        Paint(points.Min(p => p.X), points.Min(p => p.Y), points.Max(p => p.X), points.Max(p => p.Y), p =>
        {
            for (var i = 0; i < points.Length; i++)
            {
                if (sign * Cross(points[(i + 1) % points.Length] - points[i], p - points[i]) < 0) return default;
            }
            return new Vector4(colour(p), 1);
        });

        static float Cross(Vector2 a, Vector2 b) => a.X * b.Y - a.Y * b.X;
    }

    /// <summary>The colour at a position, interpolated; the border repeats.</summary>
    public Vector3 Sample(Vector2 position)
    {
        var (x, y) = (Math.Clamp(position.X * Height - 0.5f, 0, Width - 1), Math.Clamp(position.Y * Height - 0.5f, 0, Height - 1));
        var (x0, y0) = ((int)x, (int)y);
        var (x1, y1) = (Math.Min(x0 + 1, Width - 1), Math.Min(y0 + 1, Height - 1));
        var top = Vector3.Lerp(Pixels[y0 * Width + x0], Pixels[y0 * Width + x1], x - x0);
        var bottom = Vector3.Lerp(Pixels[y1 * Width + x0], Pixels[y1 * Width + x1], x - x0);
        return Vector3.Lerp(top, bottom, y - y0);
    }

    /// <summary>The picture at half the size, each pixel the mean of four: antialiasing for a canvas painted at twice the size.</summary>
    public Canvas Halved()
    {
        var half = new Canvas(Width / 2, Height / 2);
        for (var y = 0; y < half.Height; y++)
        {
            for (var x = 0; x < half.Width; x++)
            {
                var at = 2 * y * Width + 2 * x;
                half.Pixels[y * half.Width + x] = (Pixels[at] + Pixels[at + 1] + Pixels[at + Width] + Pixels[at + Width + 1]) / 4;
            }
        }
        return half;
    }

    public Canvas Copy()
    {
        var copy = new Canvas(Width, Height);
        Pixels.CopyTo(copy.Pixels, 0);
        return copy;
    }

    /// <summary>Interleaved 8-bit RGB.</summary>
    public byte[] ToBytes()
    {
        var bytes = new byte[3 * Pixels.Length];
        for (var i = 0; i < Pixels.Length; i++)
        {
            for (var channel = 0; channel < 3; channel++)
                bytes[3 * i + channel] = (byte)(255 * Math.Clamp(Pixels[i][channel], 0, 1) + 0.5f);
        }
        return bytes;
    }
}

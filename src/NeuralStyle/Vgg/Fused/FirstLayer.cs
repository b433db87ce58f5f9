using System.Runtime.CompilerServices;
using NeuralStyle.Runtime;
using NeuralStyle.Runtime.Lanes;

namespace NeuralStyle.Vgg.Fused;

/// <summary>
/// The first convolution with its ReLU, there and back. Its three input channels are too few for Winograd's method and for libtorch's
/// convolutions to be fast.
/// </summary>
/// <remarks>
/// Loops over pictures, here and elsewhere, are compiled with all optimisations at once (AggressiveOptimization): .NET would first run them
/// unoptimised, thirty times or until a loop has turned often, and vectors are very slow so.
/// </remarks>
internal static unsafe class FirstLayer
{
    private const int Unit = 16; // channels that are added up side by side, whatever the width of the vectors: the sums are the same
    private const int Taps = 9, Colours = 3;

    /// <summary>Convolves and cuts off what is below 0.</summary>
    /// <param name="from">Address of the picture with a frame of one pixel, 3×(H+2)×(W+2).</param>
    /// <param name="kernel">Address of the kernel, 3×3×3×C: colours, rows, columns, channels.</param>
    /// <param name="bias">Address of C values.</param>
    /// <param name="to">H×W×C; every value is written.</param>
    /// <param name="vectors">What to compute with.</param>
    /// <param name="threads">At most so many.</param>
    public static void Forward(nint from, nint kernel, nint bias, Plane to, VectorWidth vectors, int threads)
    {
        if (vectors == VectorWidth.Bits512) Forward<Lanes16>(from, kernel, bias, to, threads);
        else if (vectors == VectorWidth.Bits256) Forward<Lanes8>(from, kernel, bias, to, threads);
        else Forward<Lanes4>(from, kernel, bias, to, threads);
    }

    private static void Forward<T>(nint from, nint kernel, nint bias, Plane to, int threads)
        where T : unmanaged, ILanes<T> => PartLoop.Run(to.Height, threads,
        [MethodImpl(MethodImplOptions.AggressiveOptimization)] (y) =>
    {
        var (width, plane) = ((nint)to.Width + 2, ((nint)to.Width + 2) * (to.Height + 2));
        var corner = (float*)from + y * width;
        var x = 0;
        for (; x + 4 <= to.Width; x += 4)
        {
            float* target = to.At(y, x);
            for (var channel = 0; channel < to.Channels; channel += T.Count)
            {
                var a = T.Load((float*)bias + channel);
                var (b, c, d) = (a, a, a);
                var weight = (float*)kernel + channel;
                for (var colour = 0; colour < Colours; colour++)
                {
                    for (var row = 0; row < 3; row++)
                    {
                        var pixel = corner + colour * plane + row * width + x;
                        for (var column = 0; column < 3; column++, pixel++, weight += to.Channels)
                        {
                            var tap = T.Load(weight);
                            a = T.MultiplyAdd(T.Create(pixel[0]), tap, a);
                            b = T.MultiplyAdd(T.Create(pixel[1]), tap, b);
                            c = T.MultiplyAdd(T.Create(pixel[2]), tap, c);
                            d = T.MultiplyAdd(T.Create(pixel[3]), tap, d);
                        }
                    }
                }
                T.Max(a, default).Store(target + channel);
                T.Max(b, default).Store(target + to.Channels + channel);
                T.Max(c, default).Store(target + 2 * to.Channels + channel);
                T.Max(d, default).Store(target + 3 * to.Channels + channel);
            }
        }
        for (; x < to.Width; x++)
        {
            for (var channel = 0; channel < to.Channels; channel += T.Count)
            {
                var a = T.Load((float*)bias + channel);
                var weight = (float*)kernel + channel;
                for (var tap = 0; tap < Colours * Taps; tap++, weight += to.Channels)
                    a = T.MultiplyAdd(T.Create(corner[tap / Taps * plane + tap % Taps / 3 * width + x + tap % 3]), T.Load(weight), a);
                T.Max(a, default).Store(to.At(y, x) + channel);
            }
        }
    });

    /// <summary>The gradient with respect to the picture.</summary>
    /// <param name="gradient">With respect to the result, H×W×C.</param>
    /// <param name="result">What <see cref="Forward"/> gave, H×W×C: where it is 0, the ReLU lets no gradient through.</param>
    /// <param name="kernel">Address of the kernel turned by half a turn, 3×3×3×C: rows, columns, colours, channels.</param>
    /// <param name="to">Address of 3×(H+2·frame)×(W+2·frame) values; every value is written.</param>
    /// <param name="frame">Width of the frame around the picture whose gradient is wanted too: 0 or 1.</param>
    /// <param name="vectors">What to compute with.</param>
    /// <param name="threads">At most so many.</param>
    public static void Backward(Plane gradient, Plane result, nint kernel, nint to, int frame, VectorWidth vectors, int threads)
    {
        if (vectors == VectorWidth.Bits512) Backward<Lanes16>(gradient, result, kernel, to, frame, threads);
        else if (vectors == VectorWidth.Bits256) Backward<Lanes8>(gradient, result, kernel, to, frame, threads);
        else Backward<Lanes4>(gradient, result, kernel, to, frame, threads);
    }

    private static void Backward<T>(Plane gradient, Plane result, nint kernel, nint to, int frame, int threads)
        where T : unmanaged, ILanes<T> => PartLoop.Run(gradient.Height + 2 * frame, threads,
        [MethodImpl(MethodImplOptions.AggressiveOptimization)] (row) =>
    {
        var (height, width) = (gradient.Height + 2 * frame, gradient.Width + 2 * frame);
        var target = (float*)to + (nint)row * width;
        var plane = (nint)height * width;
        var (above, below) = (Math.Max(0, row - frame - 1), Math.Min(gradient.Height - 1, row - frame + 1));
        for (var column = 0; column < width; column++)
        {
            var (left, right) = (Math.Max(0, column - frame - 1), Math.Min(gradient.Width - 1, column - frame + 1));
            T red = default, green = default, blue = default;
            for (var part = 0; part < Unit; part += T.Count)
            {
                T r = default, g = default, b = default;
                for (var y = above; y <= below; y++)
                {
                    for (var x = left; x <= right; x++)
                    {
                        float* given = gradient.At(y, x), made = result.At(y, x);
                        var taps = (float*)kernel + ((y - row + frame + 1) * 3 + x - column + frame + 1) * Colours * gradient.Channels;
                        for (var channel = part; channel < gradient.Channels; channel += Unit)
                        {
                            var open = T.Load(given + channel) & T.Positive(T.Load(made + channel));
                            r = T.MultiplyAdd(open, T.Load(taps + channel), r);
                            g = T.MultiplyAdd(open, T.Load(taps + gradient.Channels + channel), g);
                            b = T.MultiplyAdd(open, T.Load(taps + 2 * gradient.Channels + channel), b);
                        }
                    }
                }
                (red, green, blue) = part == 0 ? (r, g, b) : (red + r, green + g, blue + b);
            }
            target[column] = T.Sum(red);
            target[plane + column] = T.Sum(green);
            target[2 * plane + column] = T.Sum(blue);
        }
    });
}

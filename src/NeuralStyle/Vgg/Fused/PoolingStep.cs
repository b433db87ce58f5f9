using System.Runtime.CompilerServices;
using NeuralStyle.Runtime;
using NeuralStyle.Runtime.Lanes;

namespace NeuralStyle.Vgg.Fused;

/// <summary>2×2 pooling after a ReLU, forward and backward. Odd last rows and columns are dropped.</summary>
internal static unsafe class PoolingStep
{
    private const int Closed = 4; // if no value is above 0, the ReLU before lets no gradient through

    /// <summary>Takes the maximum of each four positions, and remembers which it was.</summary>
    /// <param name="from">What is pooled, H×W×C; not negative.</param>
    /// <param name="to">The maxima, H/2×W/2×C.</param>
    /// <param name="places">Address of a byte for each of the maxima: the first place that holds it, 0 to 3 row by row, or 4 where it is
    /// not above 0; 0: do not store places.</param>
    /// <param name="vectors">What to compute with.</param>
    /// <param name="threads">At most so many.</param>
    public static void Maximum(Plane from, Plane to, nint places, VectorWidth vectors, int threads)
    {
        if (vectors == VectorWidth.Bits512) Maximum<Lanes16>(from, to, places, threads);
        else if (vectors == VectorWidth.Bits256) Maximum<Lanes8>(from, to, places, threads);
        else Maximum<Lanes4>(from, to, places, threads);
    }

    private static void Maximum<T>(Plane from, Plane to, nint places, int threads)
        where T : unmanaged, ILanes<T> => PartLoop.Run(to.Height, threads,
        [MethodImpl(MethodImplOptions.AggressiveOptimization)] (y) =>
    {
        for (var x = 0; x < to.Width; x++)
        {
            float* above = from.At(2 * y, 2 * x), below = from.At(2 * y + 1, 2 * x), target = to.At(y, x);
            var at = (byte*)places + ((nint)y * to.Width + x) * to.Channels;
            for (var channel = 0; channel < to.Channels; channel += T.Count)
            {
                var (a, b) = (T.Load(above + channel), T.Load(above + to.Channels + channel));
                var (c, d) = (T.Load(below + channel), T.Load(below + to.Channels + channel));
                var maximum = T.Max(T.Max(a, b), T.Max(c, d));
                maximum.Store(target + channel);
                if (places == 0) continue;
                var place = T.Select(T.Equal(c, maximum), T.Create(2), T.Create(3));
                place = T.Select(T.Equal(b, maximum), T.Create(1), place);
                place = T.Select(T.Equal(a, maximum), default, place);
                T.Select(T.Positive(maximum), place, T.Create(Closed)).StoreBytes(at + channel);
            }
        }
    });

    /// <summary>Passes the gradient to the remembered positions.</summary>
    /// <param name="places">See <see cref="Maximum"/>.</param>
    /// <param name="gradient">With respect to the maxima.</param>
    /// <param name="to">With respect to what was pooled; every value is written.</param>
    /// <param name="vectors">What to compute with.</param>
    /// <param name="threads">At most so many.</param>
    public static void MaximumBackward(nint places, Plane gradient, Plane to, VectorWidth vectors, int threads)
    {
        if (vectors == VectorWidth.Bits512) MaximumBackward<Lanes16>(places, gradient, to, threads);
        else if (vectors == VectorWidth.Bits256) MaximumBackward<Lanes8>(places, gradient, to, threads);
        else MaximumBackward<Lanes4>(places, gradient, to, threads);
    }

    private static void MaximumBackward<T>(nint places, Plane gradient, Plane to, int threads)
        where T : unmanaged, ILanes<T> => Backward(gradient, to, threads,
        [MethodImpl(MethodImplOptions.AggressiveOptimization)] (y, x) =>
    {
        var given = gradient.At(y, x);
        var place = (byte*)places + ((nint)y * gradient.Width + x) * gradient.Channels;
        for (var channel = 0; channel < to.Channels; channel += T.Count)
        {
            var value = T.Load(given + channel);
            var index = T.LoadBytes(place + channel);
            for (var at = 0; at < 4; at++)
                (value & T.Equal(index, T.Create(at))).Store(to.At(2 * y + at / 2, 2 * x + at % 2) + channel);
        }
    });

    /// <summary>Passes the same share of the gradient to each of the four positions.</summary>
    /// <param name="gradient">With respect to the means.</param>
    /// <param name="share">A quarter, times the factor after the pooling.</param>
    /// <param name="to">With respect to what was pooled; every value is written.</param>
    /// <param name="vectors">What to compute with.</param>
    /// <param name="threads">At most so many.</param>
    public static void MeanBackward(Plane gradient, float share, Plane to, VectorWidth vectors, int threads)
    {
        if (vectors == VectorWidth.Bits512) MeanBackward<Lanes16>(gradient, share, to, threads);
        else if (vectors == VectorWidth.Bits256) MeanBackward<Lanes8>(gradient, share, to, threads);
        else MeanBackward<Lanes4>(gradient, share, to, threads);
    }

    private static void MeanBackward<T>(Plane gradient, float share, Plane to, int threads)
        where T : unmanaged, ILanes<T> => Backward(gradient, to, threads,
        [MethodImpl(MethodImplOptions.AggressiveOptimization)] (y, x) =>
    {
        var given = gradient.At(y, x);
        for (var channel = 0; channel < to.Channels; channel += T.Count)
        {
            var value = T.Load(given + channel) * T.Create(share);
            for (var at = 0; at < 4; at++) value.Store(to.At(2 * y + at / 2, 2 * x + at % 2) + channel);
        }
    });

    private static void Backward(Plane gradient, Plane to, int threads, Action<int, int> window) =>
        PartLoop.Run((to.Height + 1) / 2, threads, y =>
    {
        if (y == gradient.Height)
        {
            new Span<float>(to.At(2 * y, 0), to.Width * to.Channels).Clear();
            return;
        }
        for (var x = 0; x < gradient.Width; x++) window(y, x);
        if (to.Width % 2 == 0) return;
        new Span<float>(to.At(2 * y, to.Width - 1), to.Channels).Clear();
        new Span<float>(to.At(2 * y + 1, to.Width - 1), to.Channels).Clear();
    });
}

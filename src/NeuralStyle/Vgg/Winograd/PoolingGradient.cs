using System.Runtime.Intrinsics;

namespace NeuralStyle.Vgg.Winograd;

/// <summary>The backward pass of 2×2 pooling from values alone: no indices are kept, which would be twice the size of the result.</summary>
internal static unsafe class PoolingGradient
{
    /// <summary>Gives the gradient to the first of the four places that holds the maximum, as libtorch does.</summary>
    /// <param name="from">What was pooled, H×W×C.</param>
    /// <param name="pooled">The maxima, H/2×W/2×C.</param>
    /// <param name="gradient">With respect to the maxima.</param>
    /// <param name="to">With respect to <paramref name="from"/>; every value is written.</param>
    /// <param name="threads">At most so many.</param>
    public static void Maximum(Plane from, Plane pooled, Plane gradient, Plane to, int threads) => Rows(pooled, to, threads, (y, x, channel) =>
    {
        var (maximum, given) = (Vector512.Load(pooled.At(y, x) + channel), Vector512.Load(gradient.At(y, x) + channel));
        for (var place = 0; place < 4; place++)
        {
            var (row, column) = (2 * y + place / 2, 2 * x + place % 2);
            var here = Vector512.Equals(Vector512.Load(from.At(row, column) + channel), maximum);
            (given & here).Store(to.At(row, column) + channel);
            given = Vector512.AndNot(given, here);
        }
    });

    /// <summary>Gives each of the four places the same share.</summary>
    /// <param name="gradient">With respect to the means.</param>
    /// <param name="share">A quarter, times the factor behind the pooling.</param>
    /// <param name="to">With respect to what was pooled; every value is written.</param>
    /// <param name="threads">At most so many.</param>
    public static void Mean(Plane gradient, float share, Plane to, int threads) => Rows(gradient, to, threads, (y, x, channel) =>
    {
        var given = Vector512.Load(gradient.At(y, x) + channel) * share;
        for (var place = 0; place < 4; place++) given.Store(to.At(2 * y + place / 2, 2 * x + place % 2) + channel);
    });

    private static void Rows(Plane pooled, Plane to, int threads, Action<int, int, int> window) =>
        Parallel.For(0, (to.Height + 1) / 2, new ParallelOptions { MaxDegreeOfParallelism = threads }, y =>
        {
            if (y == pooled.Height) // an odd last row is pooled into nothing
            {
                new Span<float>(to.At(2 * y, 0), to.Width * to.Channels).Clear();
                return;
            }
            for (var x = 0; x < pooled.Width; x++)
            {
                for (var channel = 0; channel < to.Channels; channel += Vector512<float>.Count) window(y, x, channel);
            }
            if (to.Width % 2 == 0) return;
            new Span<float>(to.At(2 * y, to.Width - 1), to.Channels).Clear();
            new Span<float>(to.At(2 * y + 1, to.Width - 1), to.Channels).Clear();
        });
}

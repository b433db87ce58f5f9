using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace NeuralStyle.Vgg.Winograd;

/// <summary>2×2 pooling behind a ReLU, there and back. Odd last rows and columns are pooled into nothing.</summary>
internal static unsafe class PoolingStep
{
    private const int Lanes = 16;
    private const int Closed = 4; // where no place is above 0, the ReLU before lets no gradient through

    /// <summary>Takes the maximum of each four places, and remembers which it was.</summary>
    /// <param name="from">What is pooled, H×W×C; not negative.</param>
    /// <param name="to">The maxima, H/2×W/2×C.</param>
    /// <param name="places">Address of a byte for each of the maxima: the first place that holds it, 0 to 3 row by row, or 4 where it is not above 0; 0 to remember nothing.</param>
    /// <param name="threads">At most so many.</param>
    public static void Maximum(Plane from, Plane to, nint places, int threads) => Rows(to.Height, threads, y =>
    {
        for (var x = 0; x < to.Width; x++)
        {
            float* above = from.At(2 * y, 2 * x), below = from.At(2 * y + 1, 2 * x), target = to.At(y, x);
            var place = (byte*)places + ((nint)y * to.Width + x) * to.Channels;
            for (var channel = 0; channel < to.Channels; channel += Lanes)
            {
                var (a, b) = (Vector512.Load(above + channel), Vector512.Load(above + to.Channels + channel));
                var (c, d) = (Vector512.Load(below + channel), Vector512.Load(below + to.Channels + channel));
                var maximum = Vector512.Max(Vector512.Max(a, b), Vector512.Max(c, d));
                maximum.Store(target + channel);
                if (places == 0) continue;
                var index = Vector512.ConditionalSelect(Vector512.Equals(c, maximum).AsInt32(), Vector512.Create(2), Vector512.Create(3));
                index = Vector512.ConditionalSelect(Vector512.Equals(b, maximum).AsInt32(), Vector512.Create(1), index);
                index = Vector512.ConditionalSelect(Vector512.Equals(a, maximum).AsInt32(), Vector512<int>.Zero, index);
                index = Vector512.ConditionalSelect(Vector512.GreaterThan(maximum, Vector512<float>.Zero).AsInt32(), index, Vector512.Create(Closed));
                Avx512F.ConvertToVector128Byte(index).Store(place + channel);
            }
        }
    });

    /// <summary>Gives the gradient to the places remembered.</summary>
    /// <param name="places">See <see cref="Maximum"/>.</param>
    /// <param name="gradient">With respect to the maxima.</param>
    /// <param name="to">With respect to what was pooled; every value is written.</param>
    /// <param name="threads">At most so many.</param>
    public static void MaximumBackward(nint places, Plane gradient, Plane to, int threads) => Backward(gradient, to, threads, (y, x) =>
    {
        var given = gradient.At(y, x);
        var place = (byte*)places + ((nint)y * gradient.Width + x) * gradient.Channels;
        for (var channel = 0; channel < to.Channels; channel += Lanes)
        {
            var value = Vector512.Load(given + channel);
            var index = Avx512F.ConvertToVector512Int32(Vector128.Load(place + channel));
            for (var at = 0; at < 4; at++)
                (value & Vector512.Equals(index, Vector512.Create(at)).AsSingle()).Store(to.At(2 * y + at / 2, 2 * x + at % 2) + channel);
        }
    });

    /// <summary>Gives each of the four places the same share.</summary>
    /// <param name="gradient">With respect to the means.</param>
    /// <param name="share">A quarter, times the factor behind the pooling.</param>
    /// <param name="to">With respect to what was pooled; every value is written.</param>
    /// <param name="threads">At most so many.</param>
    public static void MeanBackward(Plane gradient, float share, Plane to, int threads) => Backward(gradient, to, threads, (y, x) =>
    {
        var given = gradient.At(y, x);
        for (var channel = 0; channel < to.Channels; channel += Lanes)
        {
            var value = Vector512.Load(given + channel) * share;
            for (var at = 0; at < 4; at++) value.Store(to.At(2 * y + at / 2, 2 * x + at % 2) + channel);
        }
    });

    private static void Backward(Plane gradient, Plane to, int threads, Action<int, int> window) => Rows((to.Height + 1) / 2, threads, y =>
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

    private static void Rows(int count, int threads, Action<int> row) =>
        Parallel.For(0, count, new ParallelOptions { MaxDegreeOfParallelism = threads }, row);
}

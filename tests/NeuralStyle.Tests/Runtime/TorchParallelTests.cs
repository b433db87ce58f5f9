using System.Collections.Concurrent;
using NeuralStyle.Runtime;
using static TorchSharp.torch;

namespace NeuralStyle.Tests.Runtime;

public sealed class TorchParallelTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void Every_piece_is_done_once_and_gives_the_same_bits_with_any_number_of_threads(int threads)
    {
        var expected = Roots(1);
        Assert.Equal(expected, Roots(threads));

        double[] Roots(int threads) => With(threads, () =>
        {
            using var scope = NewDisposeScope();
            var matrices = Enumerable.Range(0, 6).Select(i => randn([40 + i, 80], ScalarType.Float64, generator: new Generator((ulong)i)))
                .ToArray();
            var sums = new double[matrices.Length];
            TorchParallel.For(sums.Length, i =>
            {
                using var inner = NewDisposeScope();
                sums[i] += linalg.eigh(matrices[i].mm(matrices[i].t())).Item2.abs().sum().item<double>();
            });
            return sums;
        });
    }

    [Fact]
    public void A_failure_reaches_the_caller_and_the_number_of_threads_is_as_before()
    {
        With(2, () =>
        {
            var failure = Assert.Throws<InvalidOperationException>(() => TorchParallel.For(8, i =>
            {
                if (i == 3) throw new InvalidOperationException("the third");
            }));
            Assert.Equal("the third", failure.Message);
            Assert.Equal(2, get_num_threads());
            return 0;
        });
    }

    [Fact]
    public void Threads_are_kept_because_MKL_does_not_free_what_it_allocated_for_those_that_ended()
    {
        var seen = new ConcurrentDictionary<int, bool>();
        With(3, () =>
        {
            for (var i = 0; i < 300; i++) TorchParallel.For(3, _ => seen[Environment.CurrentManagedThreadId] = true);
            return 0;
        });
        Assert.InRange(seen.Count, 1, 30); // other tests take some of them at times
    }

    /// <summary>On a thread of its own: the number of threads belongs to the thread that sets it.</summary>
    private static T With<T>(int threads, Func<T> action)
    {
        TorchRuntime.Initialize();
        T result = default!;
        Exception? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                set_num_threads(threads);
                result = action();
            }
            catch (Exception caught)
            {
                failure = caught;
            }
        });
        thread.Start();
        thread.Join();
        return failure is null ? result : throw failure;
    }
}

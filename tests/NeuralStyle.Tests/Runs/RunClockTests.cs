using NeuralStyle.Imaging;
using NeuralStyle.Runs;
using NeuralStyle.Scales;

namespace NeuralStyle.Tests.Runs;

/// <summary>The time left is estimated from the pace of iterations.</summary>
public sealed class RunClockTests
{
    private static readonly Scale[] s_scales =
        [new(new PixelSize(100, 100), 50), new(new PixelSize(200, 200), 20), new(new PixelSize(400, 400), 20)];
    private double _now;

    [Fact]
    public void Nothing_is_said_before_there_are_iterations_to_tell_from()
    {
        var clock = new RunClock(s_scales, now: () => _now);
        clock.Begin(0);
        Do(clock, preparation: 60, iterations: 2, each: 1);
        Assert.Null(clock.Left(0, 2));
        Do(clock, 0, 1, 1);
        Assert.NotNull(clock.Left(0, 3));
    }

    [Theory]
    [InlineData(0, 1)] // a minute of preparation would have made hours of minutes
    [InlineData(60, 1)]
    [InlineData(60, 40)] // so would a first iteration that warms up
    public void At_the_first_scale_later_ones_cost_in_proportion_to_their_pixels(double preparation, double first)
    {
        var clock = new RunClock(s_scales, now: () => _now);
        clock.Begin(0);
        Do(clock, preparation, 1, first);
        Do(clock, 0, 9, 1);
        var prepared = Math.Max(0, preparation + first - 1);
        Assert.Equal(40 * 1 + 20 * 4 + 20 * 16 + prepared * (4 + 16), clock.Left(0, 10)!.Value, 1e-6);
    }

    [Fact]
    public void From_the_second_scale_on_a_constant_part_is_known()
    {
        var clock = new RunClock(s_scales, now: () => _now);
        clock.Begin(0);
        Do(clock, 0, 50, each: 1);
        clock.Begin(1);
        Assert.Equal(20 * 4 + 20 * 16, clock.Left(1, 0)!.Value, 1e-6);
        Do(clock, 0, 10, each: 2.5); // 0.5 + 0.00005 per pixel
        Assert.Equal(10 * 2.5 + 20 * 8.5, clock.Left(1, 10)!.Value, 1e-6);
    }

    [Fact]
    public void A_run_that_continues_counts_its_own_iterations_and_the_end_is_at_nought()
    {
        var clock = new RunClock(s_scales, before: 1000, () => _now);
        clock.Begin(2);
        Do(clock, 5, 4, each: 3);
        Assert.Equal(1017, clock.Seconds, 1e-6);
        Assert.Equal(4 * 3, clock.Left(2, 16)!.Value, 1e-6);
        Assert.Equal(0, clock.Left(2, 20)!.Value, 1e-6);
    }

    [Fact]
    public void A_scale_that_ends_early_leaves_nothing_to_do_there()
    {
        var clock = new RunClock(s_scales[..1], now: () => _now);
        clock.Begin(0);
        Do(clock, 0, 10, 1);
        Assert.Equal(0.2, clock.Fraction(0, 10, flat: false), 1e-9);
        Assert.Equal(1, clock.Fraction(0, 10, flat: true), 1e-9);
        Assert.Equal(0, clock.Left(0, 10)!.Value, 1e-6);
    }

    private void Do(RunClock clock, double preparation, int iterations, double each)
    {
        _now += preparation;
        for (var i = 0; i < iterations; i++)
        {
            _now += each;
            clock.Count();
        }
    }
}

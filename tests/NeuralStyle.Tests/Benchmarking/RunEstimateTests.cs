using NeuralStyle.Benchmarking;
using NeuralStyle.Evaluation.Tiling;
using NeuralStyle.Imaging;
using NeuralStyle.Memory;
using NeuralStyle.Scales;
using NeuralStyle.Settings;
using NeuralStyle.Vgg;

namespace NeuralStyle.Tests.Benchmarking;

public sealed class RunEstimateTests
{
    private static readonly SpeedCurve SecondPerPixel = new([new TimedSize(1, 1)]);
    private static readonly MemoryPlan Whole = new(new MemoryChoice(TileSize.Whole, 10), [], 0);

    [Theory]
    [InlineData(0.5, 1)] // in proportion below
    [InlineData(1, 2)]
    [InlineData(2, 3)] // on a line between
    [InlineData(3, 4)]
    [InlineData(30, 40)] // in proportion above
    public void A_curve_goes_through_what_was_measured(double pixels, double seconds) =>
        Assert.Equal(seconds, new SpeedCurve([new TimedSize(1, 2), new TimedSize(3, 4)]).Seconds(pixels), 1e-12);

    [Fact]
    public void Adam_evaluates_once_in_each_iteration_and_once_in_place_of_the_targets()
    {
        Scale[] scales = [new(new PixelSize(4, 3), 10), new(new PixelSize(8, 6), 5)];
        var settings = new StyleSettings { Optimizer = OptimizerKind.Adam };
        var seconds = RunEstimate.Seconds(scales, settings, SecondPerPixel, stepPerPixel: 0.5, _ => Whole);
        Assert.Equal(12 * (11 + 10 * 0.5) + 48 * (6 + 5 * 0.5), seconds, 1e-9);
    }

    [Fact]
    public void Lbfgs_evaluates_a_little_more()
    {
        Assert.Equal(1 + 1 + 100 * RunEstimate.EvaluationsPerLbfgsStep, RunEstimate.Evaluations(OptimizerKind.Lbfgs, 100));
        Assert.Equal(101, RunEstimate.Evaluations(OptimizerKind.Adam, 100));
    }

    [Fact]
    public void Every_scale_of_the_schedule_counts()
    {
        var settings = new StyleSettings { Size = 512, MinimumSize = 128, FirstIterations = 200, Iterations = 150,
            Optimizer = OptimizerKind.Adam, Bleed = 0 };
        var seconds = RunEstimate.Seconds(ScaleSchedule.For(new PixelSize(4, 3), settings), settings, SecondPerPixel, 0, _ => Whole);
        Assert.Equal(128 * 96 * 201 + 256 * 192 * 76 + 512 * 384 * 151, seconds);
    }

    [Fact]
    public void Tiles_cost_their_halo_and_a_third_pass()
    {
        var size = new PixelSize(400, 200);
        Assert.Equal(80_000, RunEstimate.EvaluationSeconds(size, SecondPerPixel, Whole));
        var cost = new SectionCost(new Section(1, [new VggLayer(1, 1)], Halo: 50, Growth: 1), 0, 0, Work: 7);
        MemoryPlan Tiled(int keep) => new(new MemoryChoice(new TileSize(100), 10), [keep], 0) { Costs = [cost] };
        var pixels = (150 + 200 + 200 + 150) * (150 + 150.0); // tiles of 100 with 50 around, where the picture does not end
        Assert.Equal(1.5 * pixels, RunEstimate.EvaluationSeconds(size, SecondPerPixel, Tiled(0)), 1e-6);
        Assert.Equal(pixels, RunEstimate.EvaluationSeconds(size, SecondPerPixel, Tiled(8)), 1e-6); // kept: forward and back, once each
        // tiles of 200, with three quarters of the work
        var deep = cost with { Section = cost.Section with { Halo = 0, Growth = 4 }, Work = 21 };
        var both = Tiled(0) with { Costs = [cost, deep], Keep = [0, 1] };
        Assert.Equal(0.25 * 1.5 * pixels + 0.75 * (1.5 * 200 * 200 + 200 * 200), RunEstimate.EvaluationSeconds(size, SecondPerPixel, both),
            1e-6);
    }
}

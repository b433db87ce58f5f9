using NeuralStyle.Losses;
using NeuralStyle.Settings;
using NeuralStyle.Vgg;
using TorchSharp;

namespace NeuralStyle.Tests.Runs.Checkpoints;

/// <summary>A run that was interrupted and continued gives the same pixels as one that was not.</summary>
public sealed class ResumeTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private string Checkpoint => _folder["run.nst-checkpoint"];

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string, StyleSettings> Runs => new()
    {
        { "Adam", ShortRun.Settings },
        { "L-BFGS", ShortRun.Settings with { Optimizer = OptimizerKind.Lbfgs, History = 3 } },
        { "L-BFGS from noise, last iterate",
            ShortRun.Settings with { Optimizer = OptimizerKind.Lbfgs, AverageDecay = 0, Start = StartImage.Parse("noise") } },
        { "Adam, until flat",
            ShortRun.Settings with { Optimizer = OptimizerKind.Adam, FirstIterations = 200, Iterations = 200, Patience = 3 } },
        { "L-BFGS, until flat", ShortRun.Settings with { FirstIterations = 200, Iterations = 200, Patience = 1 } },
        { "nearest, searched again in the middle of scales",
            ShortRun.Settings with { StyleLoss = StyleLossKind.Nearest, MatchEvery = 2, History = 3 } },
        { "remd with moments and self-similarity, Adam", ShortRun.Settings with { StyleLoss = StyleLossKind.Remd, MatchEvery = 3,
            SecondStyleLoss = StyleLossKind.Moments, ContentLoss = ContentLossKind.SelfSimilarity,
            Optimizer = OptimizerKind.Adam } },
        { "remd besides statistics, self-similarity besides the content loss", ShortRun.Settings with { MatchEvery = 3,
            SecondStyleLoss = StyleLossKind.Remd, SelfSimilarityWeight = 0.2 } },
        { "Adam, circular, last iterate", ShortRun.Settings with { AverageDecay = 0, Padding = PaddingMode.Circular } },
    };

    [Theory]
    [MemberData(nameof(Runs))]
    public void Continued_behind_any_iteration_the_pixels_are_those_of_the_run_that_never_stopped(string name, StyleSettings settings)
    {
        using var run = new ShortRun(settings, Checkpoint);
        var all = 0;
        var expected = run.Run(progress: n => all = n);
        Assert.InRange(all, ShortRun.Iterations, 200);
        // a long run not after each
        var after = Enumerable.Range(1, all).Where(n => all == ShortRun.Iterations || n % 17 == 1 || run.Ends.Contains(n)).ToArray();
        // A report comes ahead of the save: at the report of iteration n the file is that of n - 1.
        Assert.Equal(expected, run.Run(every: TimeSpan.Zero, progress: n => { if (n > 1) File.Copy(Checkpoint, _folder[$"{n - 1}"]); }));
        File.Copy(Checkpoint, _folder[$"{all}"]);
        foreach (var done in after)
        {
            File.Copy(_folder[$"{done}"], Checkpoint, overwrite: true);
            var left = 0;
            Assert.True(expected.SequenceEqual(run.Run(resume: true, every: TimeSpan.MaxValue, progress: n => left = n)),
                $"{name} continued after iteration {done}");
            Assert.Equal(all - done, left);
        }
    }

    [Fact]
    public void A_run_stopped_again_and_again_saves_each_time_and_ends_with_the_same_pixels()
    {
        using var run = new ShortRun(ShortRun.Settings, Checkpoint);
        var expected = run.Run();
        float[] pixels = [];
        for (var (stopped, count) = (true, 0); stopped; count++)
        {
            Assert.InRange(count, 0, ShortRun.Iterations);
            stopped = false;
            using var stop = new CancellationTokenSource();
            pixels = run.Run(resume: true, every: TimeSpan.MaxValue, stop: stop, progress: n =>
            {
                if (n < 2) return;
                stopped = true;
                stop.Cancel();
            });
        }
        Assert.Equal(expected, pixels);
        Assert.Equal((ShortRun.Iterations - 1) / 2,
            run.Notices.Count(notice => notice.StartsWith("continuing from", StringComparison.Ordinal)));
    }

    [Fact]
    public void Without_resume_a_run_starts_anew_and_without_a_file_resume_starts_at_the_beginning()
    {
        using var run = new ShortRun(ShortRun.Settings, Checkpoint);
        var (again, absent) = (0, 0);
        run.Run(resume: true, every: TimeSpan.Zero, progress: n => absent = n);
        run.Run(resume: false, every: TimeSpan.MaxValue, progress: n => again = n);
        Assert.Equal((ShortRun.Iterations, ShortRun.Iterations), (absent, again));
        Assert.Empty(run.Notices);
    }

    [Fact]
    public void A_checkpoint_that_cannot_be_saved_is_told_and_the_run_goes_on()
    {
        using var run = new ShortRun(ShortRun.Settings, _folder["no such folder", "run.nst-checkpoint"]);
        Assert.Equal(run.Run(), run.Run(every: TimeSpan.Zero));
        Assert.Equal(ShortRun.Iterations, run.Warnings.Count);
        Assert.All(run.Warnings, warning => Assert.Contains("no such folder", warning, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(OptimizerKind.Adam)]
    [InlineData(OptimizerKind.Lbfgs)]
    public void Saving_and_continuing_leave_no_tensor_behind(OptimizerKind optimizer)
    {
        using var run = new ShortRun(ShortRun.Settings with { Optimizer = optimizer }, Checkpoint);
        void Both()
        {
            using var stop = new CancellationTokenSource();
            run.Run(every: TimeSpan.Zero, stop: stop, progress: n => { if (n == 3) stop.Cancel(); });
            run.Run(resume: true, every: TimeSpan.Zero);
        }
        Both(); // whatever is made once and kept
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        Both();
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }
}

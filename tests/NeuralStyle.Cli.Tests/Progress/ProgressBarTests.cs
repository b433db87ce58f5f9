using NeuralStyle.Cli.Progress;
using NeuralStyle.Imaging;
using NeuralStyle.Runs;
using Spectre.Console;

namespace NeuralStyle.Cli.Tests.Progress;

public sealed class ProgressBarTests
{
    [Fact]
    public void The_bar_shows_the_last_iteration_and_its_loss()
    {
        var output = new StringWriter();
        Assert.Equal(2000, ProgressBar.Show(output, progress => Report(progress, 2000), AnsiSupport.Yes));
        Assert.Contains("2000/2000 · loss 2000", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Lines_come_for_the_first_iteration_and_the_last_and_once_in_an_interval_between()
    {
        var output = new StringWriter();
        Report(new ProgressLines(output, TimeSpan.FromHours(1)), 2000);
        var lines = output.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2, lines.Length);
        Assert.StartsWith("scale 1/1 64x48 · iteration 1/2000 · loss 1 ", lines[0], StringComparison.Ordinal);
        Assert.StartsWith("scale 1/1 64x48 · iteration 2000/2000 · loss 2000 ", lines[1], StringComparison.Ordinal);
    }

    private static int Report(IProgress<RunProgress> progress, int iterations)
    {
        for (var i = 1; i <= iterations; i++)
        {
            progress.Report(new RunProgress
            {
                Scale = 0, Scales = 1, Size = new PixelSize(64, 48), Iteration = i, Iterations = iterations,
                    Fraction = (double)i / iterations, Seconds = i, Loss = i,
            });
        }
        return iterations;
    }
}

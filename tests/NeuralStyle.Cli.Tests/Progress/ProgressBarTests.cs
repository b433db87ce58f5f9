using NeuralStyle.Cli.Progress;
using NeuralStyle.Evaluation;
using NeuralStyle.Imaging;
using NeuralStyle.Runs;

namespace NeuralStyle.Cli.Tests.Progress;

/// <summary>How often progress reads losses: each time a GPU must be waited for.</summary>
public sealed class ProgressBarTests
{
    private int _reads;

    [Fact]
    public void The_bar_reads_losses_at_its_first_iteration_and_its_last_and_twice_a_second_between()
    {
        Assert.Equal(2000, ProgressBar.Show(new StringWriter(), progress => Report(progress, 2000)));
        Assert.InRange(_reads, 2, 20);
    }

    [Fact]
    public void Lines_read_losses_when_they_are_written()
    {
        var lines = new StringWriter();
        Report(new ProgressLines(lines, TimeSpan.FromHours(1)), 2000);
        Assert.Equal((2, 2), (_reads, lines.ToString().Split('\n').Length - 1));
    }

    private int Report(IProgress<RunProgress> progress, int iterations)
    {
        for (var i = 1; i <= iterations; i++)
        {
            var loss = i;
            progress.Report(new RunProgress
            {
                Scale = 0, Scales = 1, Size = new PixelSize(64, 48), Iteration = i, Iterations = iterations, Fraction = (double)i / iterations, Seconds = i,
                ReadLosses = () =>
                {
                    _reads++;
                    return new LossReport(loss, Array.Empty<TermInfo>(), []);
                },
                HoldLosses = () => throw new InvalidOperationException("nobody asked for losses later"),
                Snapshot = () => throw new InvalidOperationException("nobody asked for a picture"),
            });
        }
        return iterations;
    }
}

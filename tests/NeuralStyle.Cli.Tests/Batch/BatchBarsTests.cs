using NeuralStyle.Cli.Batch;
using NeuralStyle.Cli.Jobs;
using NeuralStyle.Imaging;
using NeuralStyle.Runs;
using Spectre.Console;

namespace NeuralStyle.Cli.Tests.Batch;

public sealed class BatchBarsTests
{
    [Fact]
    public void A_terminal_shows_the_picture_in_work_the_batch_and_lines_above_them()
    {
        var item = new BatchItem("a.jpg", ["s.jpg"], "a[1].png", new Dictionary<string, string>());
        var terminal = new StringWriter();
        var bars = new BatchBars(terminal, 2, AnsiSupport.Yes);
        var log = new BatchLog(2, bars.Lines, TimeSpan.Zero, bars);
        bars.ShowWhile(() =>
        {
            for (var i = 1; i <= 4; i++)
            {
                log.Add(item, new RunProgress
                {
                    Scale = 1, Scales = 3, Size = new PixelSize(64, 48), Iteration = i, Iterations = 4,
                    Fraction = i / 4.0, Seconds = i, Loss = 7,
                });
                Thread.Sleep(150); // bars are drawn ten times a second
            }
            log.Add(new Outcome(item, OutcomeKind.Made));
        });
        log.Summarize(terminal);
        var text = terminal.ToString();
        Assert.Contains("a[1].png · scale 2/3 64x48 · ", text);
        Assert.Contains("1/2 a[1].png · made · ", text);
        Assert.Contains("0/2 · at most", text);
        Assert.Contains("nst: note: 1 made, 0 up to date, 0 failed, 1 left in ", text);
    }
}

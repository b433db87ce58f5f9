using NeuralStyle.Cli.Batch;
using NeuralStyle.Cli.Jobs;
using NeuralStyle.Cli.Options;
using NeuralStyle.Imaging;
using NeuralStyle.Runs;

namespace NeuralStyle.Cli.Tests.Batch;

public sealed class BatchLogTests
{
    private static readonly BatchItem A = new("a.jpg", ["s.jpg"], "a.png", new Dictionary<string, string>()), B = A with { Name = "b.png" };

    private static readonly PictureOptions Options = new JobOptions().Picture;

    [Fact]
    public void The_summary_counts_and_names_what_failed()
    {
        var (progress, error) = (new StringWriter(), new StringWriter());
        var log = new BatchLog(4, progress, TimeSpan.Zero);
        log.Add(new Outcome(B, OutcomeKind.Failed, "broken"));
        log.Add(new Outcome(A, OutcomeKind.Made));
        log.Add(new Outcome(A, OutcomeKind.UpToDate));
        log.Summarize(error);
        Assert.Equal("nst: error: failed: b.png: broken" + Environment.NewLine, error.ToString());
        Assert.EndsWith("nst: note: 1 made, 1 up to date, 1 failed, 1 left in 0:00:00" + Environment.NewLine, progress.ToString());
        Assert.Equal(1, log.Left);
    }

    [Theory]
    [InlineData(0, 3)]
    [InlineData(3600, 2)]
    public void A_long_picture_is_told_of_now_and_then(int quietSeconds, int lines)
    {
        var progress = new StringWriter();
        var log = new BatchLog(2, progress, TimeSpan.FromSeconds(quietSeconds));
        log.Add(new Outcome(A, OutcomeKind.Made));
        log.Add(B, new RunProgress
        {
            Scale = 1, Scales = 3, Size = new PixelSize(64, 48), Iteration = 1, Iterations = 9, Fraction = 0.25, Seconds = 30,
            SecondsLeft = 90,
        });
        log.Add(new Outcome(B, OutcomeKind.Failed, "broken"));
        var told = progress.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(lines, told.Length);
        Assert.StartsWith("1/2 a.png · made · 0:00:00", told[0]);
        Assert.Equal("2/2 b.png · failed: broken · 0:00:00", told[^1]);
        if (lines == 3) Assert.Equal("1/2 b.png · 25 % · scale 2/3 64x48 · 1:30 left", told[1]);
    }

    [Fact]
    public void The_file_of_failures_goes_only_when_everything_was_tried()
    {
        using var folder = new TempFolder();
        FailuresFile.Update(folder["f.csv"], [new Outcome(A, OutcomeKind.Failed, "broken")], Options, all: true);
        Assert.Contains("broken", File.ReadAllText(folder["f.csv"]));
        FailuresFile.Update(folder["f.csv"], [], Options, all: false);
        Assert.True(File.Exists(folder["f.csv"]));
        FailuresFile.Update(folder["f.csv"], [], Options, all: true);
        Assert.False(File.Exists(folder["f.csv"]));
    }
}

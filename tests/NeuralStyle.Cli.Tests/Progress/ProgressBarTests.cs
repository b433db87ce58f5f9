using NeuralStyle.Cli.Progress;
using NeuralStyle.Cli.Tests.Infra;
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
        Assert.Contains("scale 1/1 64x48 · 2000/2000 · loss 2000", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Lines_come_for_the_first_iteration_and_the_last_and_once_in_an_interval_between()
    {
        var output = new StringWriter();
        Report(new ProgressLines(output, TimeSpan.FromHours(1)), 2000);
        var lines = output.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2, lines.Length);
        Assert.StartsWith("scale 1/1 64x48 · iteration 1/2000 · loss 1 · 33:19 left", lines[0], StringComparison.Ordinal);
        Assert.StartsWith("scale 1/1 64x48 · iteration 2000/2000 · loss 2000 · 0:00 left", lines[1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("dumb", false)]
    [InlineData("xterm", true)]
    public async Task A_dumb_terminal_gets_the_lines_that_a_pipe_gets_and_no_control_codes(string term, bool draws)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/script"), "needs script, to have a terminal");
        using var folder = new TempFolder();
        TestInputs.WritePhotograph(folder["c.png"], 64, 48);
        TestInputs.WriteWeights(folder["w.npz"]);
        var nst = $"dotnet '{Path.Combine(AppContext.BaseDirectory, "nst.dll")}' c.png c.png -o o.png --weights w.npz "
            + "--size 64 --min-size 64 --first-iterations 3 -n 3";
        var start = new System.Diagnostics.ProcessStartInfo("/usr/bin/script", ["-qec", nst, "/dev/null"])
        {
            WorkingDirectory = folder.Root,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["TERM"] = term },
        };
        var result = await Nst.FinishAsync(System.Diagnostics.Process.Start(start)!);
        Assert.Equal(0, result.Code);
        Assert.Equal(draws, result.Output.Contains("\u001b[", StringComparison.Ordinal));
        Assert.Contains(draws ? "scale 1/1 64x48 · 3/3 · loss " : "scale 1/1 64x48 · iteration 3/3 · loss ", result.Output);
        Assert.Contains("nst: note: wrote 'o.png', 64x48, in ", result.Output);
    }

    private static int Report(IProgress<RunProgress> progress, int iterations)
    {
        for (var i = 1; i <= iterations; i++)
        {
            progress.Report(new RunProgress
            {
                Scale = 0, Scales = 1, Size = new PixelSize(64, 48), Iteration = i, Iterations = iterations,
                    Fraction = (double)i / iterations, Seconds = i, SecondsLeft = iterations - i, Loss = i,
            });
        }
        return iterations;
    }
}

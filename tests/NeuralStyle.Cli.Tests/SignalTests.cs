using System.Diagnostics;
using System.Globalization;
using NeuralStyle.Cli.Tests.Infra;

namespace NeuralStyle.Cli.Tests;

/// <summary>Signals at any moment end the real program with their exit code: never by a crash, never after a wait without end.</summary>
[Trait("Depends on", "time or memory")]
public sealed class SignalTests : IDisposable
{
    private static readonly string[] s_quick = ["--weights", "tiny.npz", "--size", "64", "--first-iterations", "2000", "-q"];
    private readonly TempFolder _folder = new();

    public SignalTests()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "signals are sent with kill");
        TestInputs.WritePhotograph(_folder["content.png"], 96, 64);
        TestInputs.WritePainting(_folder["style.png"], 64, 64);
        TestInputs.WriteWeights(_folder["tiny.npz"]);
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>More with the variable NST_TEST_SIGNALS: their number.</summary>
    [Fact]
    public async Task A_second_signal_ends_the_program_with_the_code_of_a_signal()
    {
        var random = new Random(1);
        var runs = int.Parse(Environment.GetEnvironmentVariable("NST_TEST_SIGNALS") ?? "8", CultureInfo.InvariantCulture);
        for (var run = 0; run < runs; run++)
        {
            var process = Nst.Start(_folder.Root, ["content.png", "style.png", "-o", "out.png", .. s_quick]);
            await Task.Delay(random.Next(300, 2500), TestContext.Current.CancellationToken);
            Nst.Signal(process, random.Next(2) == 0 ? "INT" : "TERM");
            await Task.Delay(random.Next(0, 200), TestContext.Current.CancellationToken);
            if (!process.HasExited) Nst.Signal(process, random.Next(2) == 0 ? "INT" : "TERM");
            var result = await Nst.FinishAsync(process);
            Assert.True(result.Code is 130 or 143, $"run {run} ended with {result.Code}: {result.Error}");
        }
    }

    [Theory]
    [InlineData("fifo style.png -o out.png", 143)]
    [InlineData("content.png fifo -o out.png", 143)]
    [InlineData("content.png style.png -o out.png --protect fifo", 143)]
    [InlineData("content.png style.png -o out.png --log fifo", 143)]
    [InlineData("batch fifo style.png -o out", 75)]
    [InlineData("batch content.png fifo -o out", 75)]
    public async Task One_signal_ends_the_wait_for_a_fifo(string command, int code)
    {
        MakeFifo();
        var process = Nst.Start(_folder.Root, [.. command.Split(' '), .. s_quick]);
        await Task.Delay(2500, TestContext.Current.CancellationToken); // it waits by now, or it soon will
        Assert.False(process.HasExited, "it did not wait");
        Nst.Signal(process, "TERM");
        var clock = Stopwatch.StartNew();
        var result = await Nst.FinishAsync(process);
        Assert.Equal(code, result.Code);
        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 20);
        Assert.False(File.Exists(_folder["out.png"]));
    }

    private void MakeFifo()
    {
        using var make = Process.Start("mkfifo", [_folder["fifo"]]);
        make.WaitForExit();
        Assert.Equal(0, make.ExitCode);
    }
}

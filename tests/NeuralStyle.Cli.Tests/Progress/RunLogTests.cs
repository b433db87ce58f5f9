using System.Text.Json;
using NeuralStyle.Cli.Progress;
using NeuralStyle.Imaging;
using NeuralStyle.Runs;

namespace NeuralStyle.Cli.Tests.Progress;

public sealed class RunLogTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Two_runs_that_append_to_one_log_lose_no_line()
    {
        using (var one = new RunLog(_folder["log.jsonl"], """{"run":1}"""))
        using (var two = new RunLog(_folder["log.jsonl"], """{"run":2}"""))
        {
            for (var i = 1; i <= 20; i++) (i % 3 == 0 ? two : one).Report(Progress(i));
        }
        var lines = File.ReadAllLines(_folder["log.jsonl"]).Select(line => JsonDocument.Parse(line).RootElement).ToArray();
        Assert.Equal(22, lines.Length);
        Assert.Equal(Enumerable.Range(1, 20), lines.Skip(2).Select(line => line.GetProperty("iteration").GetInt32()));
    }

    private static RunProgress Progress(int iteration) => new()
    {
        Scale = 0, Scales = 1, Size = new PixelSize(64, 48), Iteration = iteration, Iterations = 20, Fraction = iteration / 20.0,
        Seconds = iteration, SecondsLeft = 20 - iteration, Loss = iteration, Losses = [new LossReport(iteration, iteration, 1, [], [])],
    };
}

using System.Text.Json;
using NeuralStyle.Cli.Tests.Infra;
using NeuralStyle.Settings;

namespace NeuralStyle.Cli.Tests.Commands;

/// <summary><c>nst bench</c> with the real program and a small network.</summary>
public sealed class BenchTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public BenchTests() => TestInputs.WriteWeights(_folder["tiny.npz"]);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_table_tells_speed_memory_and_times()
    {
        var result = await Run("--memory", "700M");
        Assert.Equal(0, result.Code);
        Assert.Contains("weights tiny", result.Output);
        Assert.Matches(@"matrix product \((float32|bfloat16)\): [0-9.]+ GFLOP/s", result.Output);
        foreach (var size in (string[])["128x128", "256x256"])
            Assert.Matches($@"(?m)^{size} +[0-9.]+ +[0-9.]+ +[0-9.]+ +[0-9]+ +[0-9]+ %$", result.Output);
        Assert.Matches(@"what fits into 0\.68 GiB: [0-9.]+ megapixels whole, [0-9.]+ in tiles", result.Output);
        foreach (var preset in Presets.All) Assert.Matches($@"(?m)^{preset.Name}( +([0-9:]+|does not fit)){{4}}$", result.Output);
        Assert.Contains("does not fit", result.Output);
        Assert.Contains("timing: 256x256 pixels", result.Error);
    }

    [Fact]
    public async Task Json_is_one_line_with_numbers()
    {
        var result = await Run("--json", "-q", "--threads", "1", "--device", "cpu", "--precision", "float32");
        Assert.Equal((0, ""), (result.Code, result.Error));
        var report = JsonDocument.Parse(Assert.Single(result.Output.TrimEnd().Split('\n'))).RootElement;
        Assert.Equal((1, "cpu"), (report.GetProperty("threads").GetInt32(), report.GetProperty("device").GetString()));
        Assert.True(report.GetProperty("peakGigaflopPerSecond").GetDouble() > 0);
        Assert.Equal("float32", report.GetProperty("precision").GetString());
        Assert.Equal(2, report.GetProperty("evaluations").GetArrayLength());
        Assert.True(report.GetProperty("estimates")[0].GetProperty("seconds").GetProperty("512").GetDouble() > 0);
    }

    [Fact]
    public async Task Weights_that_do_not_reach_the_losses_are_refused()
    {
        NeuralStyle.Weights.NpzWriter.Write(_folder["tiny.npz"], NeuralStyle.Testing.TinyNetworks.Random([4, 4]));
        var result = await Run();
        Assert.Equal(2, result.Code);
        Assert.Contains("the deepest available is relu2_2", result.Complaints[^1]);
    }

    private Task<NstResult> Run(params string[] args) =>
        Nst.FinishAsync(Nst.Start(_folder.Root, ["bench", "--quick", "--weights", "tiny.npz", .. args]));
}

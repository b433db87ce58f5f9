using System.Diagnostics;
using System.Text.Json;
using NetVips;
using NeuralStyle.Cli.Tests.Infra;

namespace NeuralStyle.Cli.Tests;

/// <summary>The real program on small pictures, with a small network.</summary>
[Trait("Depends on", "time or memory")]
public sealed class EndToEndTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly string[] _quick;

    public EndToEndTests()
    {
        TestInputs.WritePhotograph(_folder["content.png"], 96, 64);
        TestInputs.WritePainting(_folder["style.jpg"], 80, 80);
        TestInputs.WriteWeights(_folder["tiny.npz"]);
        _quick = ["content.png", "style.jpg", "--weights", "tiny.npz", "--size", "96", "--min-size", "48", "--scale-step", "1.4142",
            "--first-iterations", "6", "--iterations", "4", "--device", "cpu", "--threads", "2"];
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_photograph_and_a_painting_become_a_picture_of_the_size_asked_for()
    {
        var result = await Run([.. _quick, "-o", "out.png"]);
        Assert.Equal("", string.Join('\n', result.Complaints.Where(line => !line.Contains("tiny", StringComparison.Ordinal))));
        Assert.Equal(0, result.Code);
        using var image = Image.NewFromFile(_folder["out.png"]);
        Assert.Equal((96, 64, 3), (image.Width, image.Height, image.Bands));
        Assert.True(image.Deviate() > 5, "the picture is flat");
        using var content = Image.NewFromFile(_folder["content.png"]);
        Assert.True((image - content).Abs().Avg() > 1, "the picture is the content unchanged");
        Assert.Contains("scale 1/3", result.Error);
        Assert.Empty(result.Output);
    }

    [Fact]
    public async Task The_same_command_twice_gives_the_same_bytes()
    {
        foreach (var name in (string[])["a.png", "b.png"])
        {
            var result = await Run([.. _quick, "-o", "out.png", "--init", "noise", "--seed", "7", "-q"]);
            Assert.Equal(0, result.Code);
            File.Move(_folder["out.png"], _folder[name]);
        }
        Assert.Equal(File.ReadAllBytes(_folder["a.png"]), File.ReadAllBytes(_folder["b.png"]));
    }

    [Fact]
    public async Task The_log_holds_the_settings_and_then_one_line_per_iteration()
    {
        var result = await Run([.. _quick, "-o", "out.png", "--log", "run.jsonl", "-q"]);
        Assert.Equal(0, result.Code);
        Assert.Empty(result.Error.Replace("\n", "", StringComparison.Ordinal));
        var lines = File.ReadAllLines(_folder["run.jsonl"]).Select(line => JsonDocument.Parse(line).RootElement).ToArray();
        Assert.Equal(96, lines[0].GetProperty("settings").GetProperty("size").GetInt32());
        Assert.Equal(6 + 2 + 4, lines.Length - 1); // in between half of the last scale's
        Assert.Equal(["header", .. Enumerable.Repeat("iteration", 12)], lines.Select(line => line.GetProperty("type").GetString()));
        Assert.Equal("replicate", lines[0].GetProperty("padding").GetString());
        Assert.StartsWith("custom (RGB, 0 to 1, mean ", lines[0].GetProperty("preprocessing").GetString());
        foreach (var line in lines) AssertCamelCase(line);
        Assert.Equal(("cpu", 2),
            (lines[0].GetProperty("run").GetProperty("device").GetString(), lines[0].GetProperty("run").GetProperty("threads").GetInt32()));
        Assert.Equal((1, 3), (lines[1].GetProperty("scale").GetInt32(), lines[^1].GetProperty("scale").GetInt32()));
        var last = lines[^1];
        var total = last.GetProperty("contentWeighted").GetDouble() + last.GetProperty("totalVariationWeighted").GetDouble()
            + last.GetProperty("styleWeighted").EnumerateObject().Sum(layer => layer.Value.GetDouble());
        Assert.Equal(last.GetProperty("total").GetDouble(), total, total * 1e-5);
        Assert.Equal(96, last.GetProperty("width").GetInt32());
        Assert.True(last.GetProperty("peakMemory").GetInt64() > 0);
    }

    [Fact]
    public async Task Ctrl_C_writes_the_picture_so_far_and_says_so()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "signals are sent with kill");
        var process = Nst.Start(_folder.Root,
            [.. _quick.Select(arg => arg == "6" ? "1000000" : arg), "-o", "out.png", "--log", "run.jsonl"]);
        while (!process.HasExited && (!File.Exists(_folder["run.jsonl"]) || new FileInfo(_folder["run.jsonl"]).Length < 6000))
            await Task.Delay(50, TestContext.Current.CancellationToken);
        using (var kill = Process.Start("kill", ["-INT", $"{process.Id}"]))
            await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
        var result = await Nst.FinishAsync(process);
        Assert.Equal(130, result.Code);
        Assert.Contains("the picture so far is in 'out.png'", result.Error);
        using var image = Image.NewFromFile(_folder["out.png"]);
        Assert.True(image.Width > 0);
    }

    [Fact]
    public async Task Ctrl_C_twice_stops_at_once_and_leaves_an_earlier_result_alone()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "signals are sent with kill");
        File.WriteAllText(_folder["out.png"], "earlier");
        // one iteration takes seconds: the second signal comes in the middle of it
        TestInputs.WritePhotograph(_folder["large.png"], 2000, 1500);
        var process = Nst.Start(_folder.Root, "large.png", "style.jpg", "--weights", "tiny.npz", "--size", "2000", "--min-size", "2000",
            "-o", "out.png", "--verbose", "--tile", "off");
        var line = "";
        while (line is not null && !line.Contains("2000x1500", StringComparison.Ordinal))
            line = await process.StandardError.ReadLineAsync(TestContext.Current.CancellationToken);
        for (var i = 0; i < 2; i++)
        {
            using var kill = Process.Start("kill", ["-INT", $"{process.Id}"]);
            await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
            await Task.Delay(100, TestContext.Current.CancellationToken); // two signals at once are one
        }
        var result = await Nst.FinishAsync(process);
        Assert.Equal(130, result.Code);
        Assert.Equal("earlier", File.ReadAllText(_folder["out.png"]));
        Assert.Contains("press Ctrl-C again to stop now", result.Error);
    }

    [Fact]
    public async Task Resident_memory_does_not_grow_with_the_iterations()
    {
        var result = await Run(
            [.. _quick.Select(arg => arg switch { "48" => "96", "6" => "200", _ => arg }), "-o", "out.png", "--log", "run.jsonl", "-q"]);
        Assert.Equal(0, result.Code);
        var peaks = File.ReadLines(_folder["run.jsonl"])
            .Skip(1)
            .Select(line => JsonDocument.Parse(line).RootElement.GetProperty("peakMemory").GetInt64())
            .ToArray();
        Assert.Equal(200, peaks.Length);
        Assert.InRange(peaks[199] / (double)peaks[19], 1, 1.05); // the tests' allowance for a busy machine
    }

    /// <summary>Names of layers and of definitions are those of the options.</summary>
    internal static void AssertCamelCase(JsonElement element)
    {
        if (element.ValueKind == JsonValueKind.Array) foreach (var item in element.EnumerateArray()) AssertCamelCase(item);
        if (element.ValueKind != JsonValueKind.Object) return;
        foreach (var field in element.EnumerateObject())
        {
            Assert.Matches("^([a-z][a-zA-Z0-9]*|relu[1-5]_[1-4]|[a-z0-9-]+)$", field.Name);
            AssertCamelCase(field.Value);
        }
    }

    private Task<NstResult> Run(params string[] args) => Nst.FinishAsync(Nst.Start(_folder.Root, args));
}

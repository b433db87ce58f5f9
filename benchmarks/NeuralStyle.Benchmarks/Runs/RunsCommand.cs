using System.CommandLine;
using System.Diagnostics;
using System.Text.Json;
using NeuralStyle.Benchmarks.Quality;
using NeuralStyle.Benchmarks.Speed;
using NeuralStyle.Settings;
using static NeuralStyle.Benchmarks.CommandLine;

namespace NeuralStyle.Benchmarks.Runs;

/// <summary>What one run of the program took.</summary>
/// <param name="Seconds">From its start to its end.</param>
/// <param name="FirstSeconds">From its start to its first iteration's line; null where it does not iterate.</param>
/// <param name="PeakMegabytes">Largest resident memory seen, asked for ten times a second.</param>
internal sealed record RunMeasured(double Seconds, double? FirstSeconds, double PeakMegabytes);

/// <summary>A line of the table.</summary>
/// <param name="Name">What ran.</param>
/// <param name="Measured">Medians of the rounds; the largest peak.</param>
/// <param name="Ratio">Seconds against the first preset of the table; null for what is no run.</param>
internal sealed record RunRow(string Name, RunMeasured Measured, double? Ratio);

/// <summary>
/// <c>runs</c>: the real program as a user starts it: its start alone, its first iteration, and the whole run of each preset.
/// </summary>
internal static class RunsCommand
{
    public static Command Create()
    {
        var weights = Value<string?>("--weights", "a weights file; default: the built-in network", null, "FILE");
        var size = Count("--size", "long side of the pictures in pixels", 256);
        var rounds = Count("--rounds", "runs of each kind", 3);
        var presets = List("--presets", "which ones; default: all", name => Presets.Find(name).Preset);
        var json = Value<string?>("--json", "write the numbers to this file", null, "FILE");
        var profile = new Option<bool>("--profile")
            { Description = "where the time of a run of each preset goes, by phase and layer: alone, and in a batch" };
        var command = new Command("runs", "the program as a user starts it: its start, its first iteration, the whole run of each preset")
            .With(weights, size, rounds, presets, json, profile);
        command.SetAction(parse => Run(parse.GetValue(weights), parse.GetValue(size), parse.GetValue(profile) ? 0 : parse.GetValue(rounds),
            parse.GetValue(presets) is { Length: > 0 } given
                ? given
                : Presets.All.Select(preset => preset.Name).ToArray(), parse.GetValue(json)));
        return command;
    }

    private static int Run(string? weights, int size, int rounds, IReadOnlyList<string> presets, string? json)
    {
        var pair = Pair.Usual().FirstOrDefault() ?? throw new InvalidInputException(Pair.NotThere);
        if (rounds == 0)
        {
            ProfileTable.Print(pair, weights, presets, size);
            return 0;
        }
        var folder = Directory.CreateTempSubdirectory("nst-runs-").FullName;
        try
        {
            string[] common = ["--size", $"{size}", "-o", Path.Combine(folder, "out.png"), "--no-checkpoint", .. weights is null
                ? Array.Empty<string>()
                : ["--weights", weights]];
            string[] pictures = [pair.Content, pair.Style];
            List<(string Name, string[] Arguments)> ways = [("nst --help", ["--help"]), ("nst presets", ["presets"])];
            ways.AddRange(presets.Select(name =>
                (name, (string[])[.. name == "texture" ? ["--texture", pair.Style] : pictures, .. common, "--preset", name])));
            Console.WriteLine($"{pair.Name}, long side {size} pixels, "
                + $"{(weights is null ? "built-in network" : Path.GetFileName(weights))}, {Environment.ProcessorCount} processors, "
                + $"median of {rounds}");
            Print($"{"",-14} {"seconds",8} {"ratio",6} {"to first iteration",19} {"peak MB",8}");
            List<RunRow> rows = [];
            var measured = ways.Select(way => (way.Name, Runs: Enumerable.Range(0, rounds).Select(_ => Measure(way.Arguments)).ToArray()));
            double? first = null;
            foreach (var (name, runs) in measured)
            {
                var seconds = SpeedCommand.Median(runs.Select(run => run.Seconds));
                double? begun = runs[0].FirstSeconds is null
                    ? null
                    : SpeedCommand.Median(runs.Select(run => run.FirstSeconds ?? double.NaN));
                if (begun is not null) first ??= seconds;
                var row = new RunRow(name, new RunMeasured(seconds, begun, runs.Max(run => run.PeakMegabytes)), begun is null
                    ? null
                    : seconds / first);
                Print($"{name,-14} {seconds,8:0.00} {row.Ratio,6:0.00} {begun,19:0.00} {row.Measured.PeakMegabytes,8:0}");
                rows.Add(row);
            }
            if (json is { } file)
                File.WriteAllText(file, JsonSerializer.Serialize(rows, new JsonSerializerOptions { WriteIndented = true }));
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static RunMeasured Measure(string[] arguments)
    {
        var program = Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "nst.exe" : "nst");
        var clock = Stopwatch.StartNew();
        using var process =
            Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        double? first = null;
        process.ErrorDataReceived += (_, line) =>
        {
            if (line.Data?.Contains("iteration", StringComparison.Ordinal) == true) first ??= clock.Elapsed.TotalSeconds;
        };
        process.OutputDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        var peak = 0L;
        using (new Timer(_ => peak = Math.Max(peak, PeakOf(process.Id)), null, 0, 100)) process.WaitForExit();
        var seconds = clock.Elapsed.TotalSeconds;
        return process.ExitCode == 0
            ? new RunMeasured(seconds, first, peak / 1e6)
            : throw new InvalidOperationException($"'nst {string.Join(' ', arguments)}' ended with {process.ExitCode}");
    }

    private static long PeakOf(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            return process.PeakWorkingSet64;
        }
        catch (Exception failure) when (failure is ArgumentException or InvalidOperationException)
        {
            return 0; // has ended
        }
    }
}

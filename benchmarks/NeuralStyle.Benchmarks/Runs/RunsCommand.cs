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

/// <summary><c>runs</c>: the real program as a user starts it: its start alone, its first iteration, and the whole run of each preset.</summary>
internal static class RunsCommand
{
    private const string Usage = """
        usage: runs [--weights FILE] [--size 256] [--rounds 3] [--presets default,fast,…] [--json FILE]
          --weights  a weights file; without it the built-in network
          --size     long side of the pictures in pixels
          --presets  which ones; all without it
        """;

    public static int Run(string[] args)
    {
        var pair = Pair.Usual().FirstOrDefault();
        if (args.Contains("--help") || pair is null)
        {
            Console.Error.WriteLine(pair is null ? Pair.NotThere : Usage);
            return 2;
        }
        var rounds = Whole(args, "--rounds", 3);
        var (size, weights) = (Value(args, "--size", "256"), Value(args, "--weights", ""));
        var presets = Value(args, "--presets", string.Join(',', Presets.All.Select(preset => preset.Name))).Split(',');
        var folder = Directory.CreateTempSubdirectory("nst-runs-").FullName;
        try
        {
            string[] common = ["--size", size, "-o", Path.Combine(folder, "out.png"), "--no-checkpoint", .. weights.Length > 0 ? ["--weights", weights] : Array.Empty<string>()];
            string[] pictures = [pair.Content, pair.Style];
            List<(string Name, string[] Arguments)> ways = [("nst --help", ["--help"]), ("nst presets", ["presets"])];
            ways.AddRange(presets.Select(name => (name, (string[])[.. name == "texture" ? ["--texture", pair.Style] : pictures, .. common, "--preset", name])));
            Console.WriteLine($"{pair.Name}, long side {size} pixels, {(weights.Length > 0 ? Path.GetFileName(weights) : "built-in network")}, {Environment.ProcessorCount} processors, median of {rounds}");
            Print($"{"",-14} {"seconds",8} {"ratio",6} {"to first iteration",19} {"peak MB",8}");
            List<RunRow> rows = [];
            var measured = ways.Select(way => (way.Name, Runs: Enumerable.Range(0, rounds).Select(_ => Measure(way.Arguments)).ToArray()));
            double? first = null;
            foreach (var (name, runs) in measured)
            {
                var seconds = SpeedCommand.Median(runs.Select(run => run.Seconds));
                double? begun = runs[0].FirstSeconds is null ? null : SpeedCommand.Median(runs.Select(run => run.FirstSeconds ?? double.NaN));
                if (begun is not null) first ??= seconds;
                var row = new RunRow(name, new RunMeasured(seconds, begun, runs.Max(run => run.PeakMegabytes)), begun is null ? null : seconds / first);
                Print($"{name,-14} {seconds,8:0.00} {row.Ratio,6:0.00} {begun,19:0.00} {row.Measured.PeakMegabytes,8:0}");
                rows.Add(row);
            }
            if (Value(args, "--json", "") is { Length: > 0 } file)
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
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
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
        return process.ExitCode == 0 ? new RunMeasured(seconds, first, peak / 1e6) : throw new InvalidOperationException($"'nst {string.Join(' ', arguments)}' ended with {process.ExitCode}");
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

using NeuralStyle.Benchmarks.Quality;
using NeuralStyle.Benchmarks.Speed;
using NeuralStyle.Runtime;
using static NeuralStyle.Benchmarks.CommandLine;

namespace NeuralStyle.Benchmarks.Runs;

/// <summary><c>runs --profile</c>: where the time of whole runs goes.</summary>
internal static class ProfileTable
{
    private const double Smallest = 0.004; // of a run: shorter phases stand together

    /// <summary>Runs and prints a table for each preset.</summary>
    /// <param name="pair">Content and style.</param>
    /// <param name="weights">A weights file; null for the built-in network.</param>
    /// <param name="presets">Names.</param>
    /// <param name="size">Long side in pixels.</param>
    public static void Print(Pair pair, string? weights, IReadOnlyList<string> presets, int size)
    {
        foreach (var preset in presets)
        {
            var runs = SpeedCommand.RunChild<ProfileResult[]>(ProfileChild.Name, pair.Content, pair.Style, weights ?? "", preset,
                $"{size}");
            var title = $"{preset}, long side {size} pixels, {pair.Name}";
            Print(title, runs[0]);
            Print($"{title}, again in the same process, as a batch does", runs[1]);
        }
    }

    private static void Print(string title, ProfileResult run)
    {
        Console.WriteLine();
        CommandLine.Print($"{title}: {run.Seconds:0.0} s");
        CommandLine.Print($"{"",-28} {"seconds",8} {"share",7} {"busy cores",10} {"count",8}");
        foreach (var group in run.Phases.GroupBy(phase => GroupOf(phase.Name)).OrderByDescending(group => group.Sum(of => of.Seconds)))
        {
            Line(group.Key, group, run.Seconds);
            var parts = group.Where(phase => phase.Name != group.Key && phase.Seconds >= Smallest * run.Seconds).ToArray();
            foreach (var part in parts) Line("  " + part.Name, [part], run.Seconds);
        }
        Line("all", run.Phases, run.Seconds);
    }

    private static void Line(string name, IEnumerable<PhaseTime> phases, double whole)
    {
        var (seconds, cpu) = (phases.Sum(phase => phase.Seconds), phases.Sum(phase => phase.CpuSeconds));
        CommandLine.Print(
            $"{name,-28} {seconds,8:0.00} {seconds / whole,7:0.0%} {cpu / Math.Max(seconds, 1e-9),10:0.00} {phases.Sum(of => of.Count),8}");
    }

    private static string GroupOf(string name) => name.Split(' ')[0] switch
    {
        "forward" or "back" or "pooling" or "input" => "network",
        "style" or "content" or "total" => "losses",
        _ => name,
    };
}

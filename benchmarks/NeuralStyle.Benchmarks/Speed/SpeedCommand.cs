using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using static NeuralStyle.Benchmarks.CommandLine;

namespace NeuralStyle.Benchmarks.Speed;

/// <summary>One line of the table.</summary>
internal sealed record SpeedRow(int Size, double PlainSeconds, double OursSeconds, double Ratio,
    double PlainCpuSeconds, double OursCpuSeconds, double PlainPeakMegabytes, double OursPeakMegabytes,
    double OursGigaflops, double ShareOfPeak, double PlainFirstSeconds, double OursFirstSeconds);

/// <summary><c>speed</c>: one evaluation by plain libtorch calls against ours, in alternation, each in processes of its own.</summary>
internal static class SpeedCommand
{
    public const string ChildName = "speed-child";

    public static Command Create()
    {
        var sizes = List("--sizes", "sides of the pictures in pixels",
            size => int.Parse(size, CultureInfo.InvariantCulture), "256,512,1024");
        var rounds = Count("--rounds", "pairs of processes at each size", 3);
        var json = Value<string?>("--json", "write the numbers to this file", null, "FILE");
        var command = new Command("speed", "one evaluation by plain libtorch calls against nst's, on the CPU").With(sizes, rounds, json);
        command.SetAction(parse => Run(parse.GetValue(sizes)!, parse.GetValue(rounds), parse.GetValue(json)));
        return command;
    }

    private static int Run(IReadOnlyList<int> sizes, int rounds, string? json)
    {
        var peak = Start<double>("peak"); // GFLOP/s
        Print($"2048³ matrix product (libtorch): {peak:0} GFLOP/s on {Environment.ProcessorCount} processors");
        Print($"{"size",5} {"plain s",8} {"ours s",8} {"ratio",6} {
            "plain cpu s",12} {"ours cpu s",11} {"plain MB",9} {"ours MB",8} {"ours GFLOP/s*",14} {"of peak*",9} {
            "first: plain s",15} {"ours s",7}");
        var rows = sizes.Select(size => Measure(size, rounds, peak)).ToArray();
        Print($"* counted as direct convolutions, {
            FullWidth.Operations(FullWidth.Weights(), 512, 512) / 1e9:0} GFLOP at 512x512; ours needs fewer, so the share can pass 100 %");
        if (rows.FirstOrDefault(row => row.Size == 512) is { } middle)
        {
            var w2 = Start<ChildResult>("ours-w2", "512", "3").Seconds.Min();
            Print($"with the Wasserstein-2 losses of the preset default instead of Gram matrices: {
                w2:0.00} s at 512x512, {w2 - middle.OursSeconds:0.00} s more");
        }
        var optimisers = Start<Dictionary<string, double>>("optimisers");
        var evaluation = rows.FirstOrDefault(row => row.Size == 512)?.OursSeconds;
        foreach (var (name, seconds) in optimisers)
        {
            Print($"{name} step alone at 512x512: {seconds * 1e3:0.0} ms{
                (evaluation is { } whole ? $", {seconds / (seconds + whole):0.0%} of an iteration" : "")}");
        }
        if (json is { } file)
        {
            var measured = new
            {
                PeakGigaflops = peak,
                Machine = RuntimeInformation.RuntimeIdentifier,
                Processors = Environment.ProcessorCount,
                Rows = rows,
                OptimiserSeconds = optimisers,
            };
            File.WriteAllText(file, JsonSerializer.Serialize(measured, new JsonSerializerOptions { WriteIndented = true }));
        }
        return 0;
    }

    private static SpeedRow Measure(int size, int rounds, double peak)
    {
        var repeats = size <= 512 ? "3" : "1";
        List<(ChildResult Plain, ChildResult Ours)> pairs = [];
        for (var round = 0; round < rounds; round++)
            pairs.Add((Start<ChildResult>("plain", $"{size}", repeats), Start<ChildResult>("ours", $"{size}", repeats)));
        var operations = FullWidth.Operations(FullWidth.Weights(), size, size) / 1e9;
        var ours = Median(pairs.Select(pair => pair.Ours.Seconds.Min()));
        var row = new SpeedRow(size, Median(pairs.Select(pair => pair.Plain.Seconds.Min())), ours,
            Median(pairs.Select(pair => pair.Plain.Seconds.Min() / pair.Ours.Seconds.Min())),
            Median(pairs.Select(pair => pair.Plain.CpuSeconds.Min())), Median(pairs.Select(pair => pair.Ours.CpuSeconds.Min())),
            pairs.Max(pair => pair.Plain.PeakMegabytes), pairs.Max(pair => pair.Ours.PeakMegabytes),
            operations / ours, operations / ours / peak,
            Median(pairs.Select(pair => pair.Plain.FirstSeconds)), Median(pairs.Select(pair => pair.Ours.FirstSeconds)));
        Print($"{row.Size,5} {row.PlainSeconds,8:0.00} {row.OursSeconds,8:0.00} {row.Ratio,6:0.00} {
            row.PlainCpuSeconds,12:0.00} {row.OursCpuSeconds,11:0.00} {row.PlainPeakMegabytes,9:0} {row.OursPeakMegabytes,8:0} {
            row.OursGigaflops,14:0} {row.ShareOfPeak,9:0%} {row.PlainFirstSeconds,15:0.0} {row.OursFirstSeconds,7:0.0}");
        return row;
    }

    /// <summary>The middle of some values, or the mean of the two in the middle.</summary>
    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[sorted.Length / 2 - 1] + sorted[sorted.Length / 2]) / 2;
    }

    private static T Start<T>(params string[] args) => RunChild<T>([ChildName, .. args]);

    /// <summary>Runs this program again and reads what it measured.</summary>
    public static T RunChild<T>(params string[] args)
    {
        using var process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, args) { RedirectStandardOutput = true })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? JsonSerializer.Deserialize<T>(output)!
            : throw new InvalidOperationException($"the child '{string.Join(' ', args)}' failed");
    }
}

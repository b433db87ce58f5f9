using System.Globalization;
using NeuralStyle.Benchmarking;
using NeuralStyle.Memory;

namespace NeuralStyle.Cli.Progress;

/// <summary>What <c>nst bench</c> prints for people.</summary>
internal static class BenchTable
{
    public static void Write(MachineReport report, TextWriter output)
    {
        Line($"nst {report.Version} on {report.Device} with {report.Threads} CPU thread{(report.Threads == 1 ? "" : "s")}, weights {report.Weights}");
        Line($"matrix product (float32): {report.PeakGigaflopPerSecond:0.#} GFLOP/s");
        Line($"");
        Line($"{"one evaluation",-16}{"seconds",10}{"s/megapixel",13}{"GFLOP",10}{"GFLOP/s",10}{"of peak",9}");
        foreach (var row in report.Evaluations)
            Line($"{$"{row.Width}x{row.Height}",-16}{row.Seconds,10:0.000}{row.SecondsPerMegapixel,13:0.00}{row.Gigaflop,10:0.0}{row.GigaflopPerSecond,10:0}{row.ShareOfPeak * 100,7:0} %");
        Line($"(loss and gradient, counted as direct convolutions; Winograd's need fewer operations, so the share can pass 100 %)");
        Line($"");
        Line($"what fits into {MemoryBudget.Format(report.MemoryBytes)}: {report.MegapixelsWhole:0.0} megapixels whole, {report.MegapixelsInTiles:0.0} in tiles");
        Line($"");
        Line($"{"estimated time",-16}{string.Concat(report.Estimates[0].Seconds.Keys.Select(size => string.Create(CultureInfo.InvariantCulture, $"{$"{size} px",14}")))}");
        foreach (var estimate in report.Estimates)
            Line($"{estimate.Preset,-16}{string.Concat(estimate.Seconds.Values.Select(seconds => string.Create(CultureInfo.InvariantCulture, $"{Time(seconds),14}")))}");
        Line($"(h:mm:ss, for a 4:3 picture of this long side)");

        void Line(FormattableString line) => output.WriteLine(line.ToString(CultureInfo.InvariantCulture));
    }

    private static string Time(double? seconds)
    {
        if (seconds is not { } known) return "does not fit";
        var time = TimeSpan.FromSeconds(Math.Ceiling(known));
        return string.Create(CultureInfo.InvariantCulture, $"{(long)time.TotalHours}:{time.Minutes:00}:{time.Seconds:00}");
    }
}

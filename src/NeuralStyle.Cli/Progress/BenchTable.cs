using System.Globalization;
using NeuralStyle.Benchmarking;
using NeuralStyle.Cli.Jobs;
using NeuralStyle.Memory;
using NeuralStyle.Runtime;
using NeuralStyle.Settings;

namespace NeuralStyle.Cli.Progress;

/// <summary>The text output of <c>nst bench</c>.</summary>
internal static class BenchTable
{
    public static void Write(MachineReport report, TextWriter output)
    {
        var threads = $"{report.Threads} CPU thread{(report.Threads == 1 ? "" : "s")}";
        Line($"nst {report.Version} on {report.Device} with {threads}, weights {report.Weights}");
        Line($"matrix product ({ValueNames.Of(report.Precision)}): {report.PeakGigaflopPerSecond:0.#} GFLOP/s");
        Line($"");
        TextTable.Write(output,
        [
            ["one evaluation", "seconds", "s/megapixel", "GFLOP", "GFLOP/s", "of peak"],
            .. report.Evaluations.Select(row => new[]
            {
                Text($"{row.Width}x{row.Height}"), Text($"{row.Seconds:0.000}"), Text($"{row.SecondsPerMegapixel:0.00}"),
                Text($"{row.Gigaflop:0.0}"), Text($"{row.GigaflopPerSecond:0}"), Text($"{row.ShareOfPeak * 100:0} %"),
            }),
        ], rightFrom: 1, indent: 0);
        var winograd = report.Precision == ConvolutionPrecision.Float32
            ? "; Winograd's need fewer operations, so the share can pass 100 %"
            : "";
        Line($"(loss and gradient, counted as direct convolutions{winograd})");
        Line($"");
        var (memory, whole, inTiles) = (MemoryBudget.Format(report.MemoryBytes), report.MegapixelsWhole, report.MegapixelsInTiles);
        Line($"what fits into {memory}: {whole:0.0} megapixels whole, {inTiles:0.0} in tiles");
        Line($"");
        TextTable.Write(output,
        [
            ["estimated time", .. report.Estimates[0].Seconds.Keys.Select(size => Text($"{size} px"))],
            .. report.Estimates.Select(estimate => (string[])[estimate.Preset, .. estimate.Seconds.Values.Select(Time)]),
        ], rightFrom: 1, indent: 0);
        Line($"(h:mm:ss, for a 4:3 picture of this long side)");

        void Line(FormattableString line) => output.WriteLine(Text(line));
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static string Time(double? seconds) =>
        seconds is { } known ? Duration.Hours(TimeSpan.FromSeconds(Math.Ceiling(known))) : "does not fit";
}

using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using NeuralStyle.Benchmarks.Speed;
using NeuralStyle.Runtime;
using NeuralStyle.Settings;
using static NeuralStyle.Benchmarks.CommandLine;

namespace NeuralStyle.Benchmarks.Gpu;

/// <summary>What eager.py prints.</summary>
internal sealed record EagerResult(
    [property: JsonPropertyName("torch")] string Version,
    [property: JsonPropertyName("loss")] double Loss,
    [property: JsonPropertyName("seconds")] double Seconds,
    [property: JsonPropertyName("iteration_seconds")] double IterationSeconds,
    [property: JsonPropertyName("device_megabytes")] double? DeviceMegabytes,
    [property: JsonPropertyName("host_megabytes")] double HostMegabytes);

/// <summary>One line of the table: medians over the rounds, the ratios of pairs of neighbours.</summary>
internal sealed record DeviceRow(int Size, string Precision, string Order, double Seconds, double IterationSeconds,
    double? DeviceMegabytes, double HostMegabytes, double Loss, double? EagerSeconds, double? EagerIterationSeconds,
    double? EagerDeviceMegabytes, double? EagerHostMegabytes, double? EagerLoss, double? Ratio, double? IterationRatio);

/// <summary>
/// <c>device</c>: evaluations and iterations on a device, against PyTorch eager on the same device, alternating, each in its own process.
/// </summary>
internal static class DeviceCommand
{
    private const double LossesAgree = 1e-4; // of float32: the same sums in another order

    private static readonly JsonSerializerOptions s_indented = new() { WriteIndented = true };

    public static int Run(DeviceOptions options)
    {
        Environment.SetEnvironmentVariable("CUDA_DEVICE_ORDER", "PCI_BUS_ID"); // of the children: nvidia-smi counts like this
        TorchRuntime.Initialize();
        foreach (var precision in options.Precisions) // refuses here what each child would refuse
            ComputeTuning.Use(ComputeDevice.Select(options.Device), new ComputeSettings(precision, options.Search));
        return options switch
        {
            { Check: true } => DeviceCheck.Run(options),
            { Curve: true } => Curves(options),
            _ => Speeds(options),
        };
    }

    private static int Speeds(DeviceOptions options)
    {
        var inputs = new SharedInputs(Directory.CreateTempSubdirectory("nst-speed-").FullName);
        try
        {
            inputs.Write(FullWidth.Weights(), options.Sizes);
            Print($"one evaluation (VGG-19 to relu5_1, five Gram losses, gradient) and one iteration of Adam on {
                options.Device}; median of {options.Rounds} processes of {options.Repeats} each");
            Print($"{"size",5} {"precision",9} {"order",13} {"ours s",9} {"eager s",9} {"ratio",6} {
                "ours it. s",10} {"eager it. s",11} {"ratio",6} {"ours MB",8} {"eager MB",8} {"loss differs",13}");
            List<DeviceRow> rows = [];
            foreach (var size in options.Sizes)
            {
                foreach (var precision in options.Precisions)
                {
                    foreach (var order in options.Orders)
                        rows.Add(Measure(options, inputs, size, (ValueNames.Of(precision), ValueNames.Of(order))));
                }
            }
            var megabytes = (options.OnGpu, rows.Any(row => row.DeviceMegabytes is not null)) switch
            {
                (false, _) => "largest resident memory of the process",
                (true, true) => "what nvidia-smi counts on the device at the end, less what was there before; "
                    + "the CUDA context is part of it",
                (true, false) => "not known: there is no nvidia-smi, and TorchSharp has no count",
            };
            Print($"MB: {megabytes}");
            if (options.Json is { } file)
                File.WriteAllText(file,
                    JsonSerializer.Serialize(new { options.Device, CudnnBenchmark = options.Search, Rows = rows }, s_indented));
            var exact = ValueNames.Of(ConvolutionPrecision.Float32);
            var apart = rows.Where(row => row.Precision == exact && !(Differs(row) <= LossesAgree)).Select(row => row.Size).ToArray();
            if (options.Eager is null) return 0;
            Print($"losses in float32 {(apart.Length == 0 ? "agree" : $"DIFFER at {string.Join(", ", apart)}")}: allowed {
                LossesAgree:0.####%}");
            return apart.Length == 0 ? 0 : 1;
        }
        finally
        {
            Directory.Delete(inputs.Folder, recursive: true);
        }
    }

    private static DeviceRow Measure(DeviceOptions options, SharedInputs inputs, int size, (string Precision, string Order) way)
    {
        var (precision, order) = way;
        List<(DeviceResult Ours, EagerResult? Eager)> rounds = [];
        for (var round = 0; round < options.Rounds; round++)
        {
            rounds.Add((
                Ours<DeviceResult>("evaluate", options.Device, precision, $"{options.Search}", order, Text(size), Text(options.Repeats),
                    inputs.Folder),
                options.Eager is { } python ? Eager(python, options, inputs, size, precision) : null));
        }
        double? OfEager(Func<EagerResult, double?> value) => Median(rounds.Select(round => round.Eager is { } eager ? value(eager) : null));
        var row = new DeviceRow(size, precision, order,
            Median(rounds.Select(round => (double?)round.Ours.Seconds))!.Value,
            Median(rounds.Select(round => (double?)round.Ours.IterationSeconds))!.Value,
            Median(rounds.Select(round => round.Ours.DeviceMegabytes)), rounds.Max(round => round.Ours.HostMegabytes), rounds[0].Ours.Loss,
            OfEager(eager => eager.Seconds), OfEager(eager => eager.IterationSeconds), OfEager(eager => eager.DeviceMegabytes),
            OfEager(eager => eager.HostMegabytes), rounds[0].Eager?.Loss,
            Median(rounds.Select(round => round.Eager?.Seconds / round.Ours.Seconds)),
            Median(rounds.Select(round => round.Eager?.IterationSeconds / round.Ours.IterationSeconds)));
        var (ours, eager) = options.OnGpu ? (row.DeviceMegabytes, row.EagerDeviceMegabytes) : (row.HostMegabytes, row.EagerHostMegabytes);
        Print($"{size,5} {precision,9} {order,13} {row.Seconds,9:0.0000} {row.EagerSeconds,9:0.0000} {row.Ratio,6:0.00} {
            row.IterationSeconds,10:0.0000} {row.EagerIterationSeconds,11:0.0000} {row.IterationRatio,6:0.00} {ours,8:0} {
            eager,8:0} {Differs(row),13:0.0e+0}");
        return row;
    }

    private static int Curves(DeviceOptions options)
    {
        var size = options.Sizes[0];
        double[] Curve(ConvolutionPrecision precision) =>
            Ours<double[]>(["curve", options.Device, ValueNames.Of(precision), $"{options.Search}", Text(size), Text(options.Iterations),
                .. options.Weights is { } file ? [file] : Array.Empty<string>()]);
        var (reference, again) = (Curve(ConvolutionPrecision.Float32), Curve(ConvolutionPrecision.Float32));
        var tf32 = options.OnGpu ? Curve(ConvolutionPrecision.Tf32) : null;
        Print($"{options.Iterations} iterations of Adam at {size} pixels on {options.Device}: loss {reference[0]:G6} falls to {
            reference[^1]:G6}");
        Tell("float32 once more", LossCurve.Compare(reference, again));
        var found = tf32 is null ? null : LossCurve.Compare(reference, tf32);
        if (found is not null) Tell("TF32", found);
        var isWithin = found is null || found.Difference <= LossCurve.Bar;
        if (found is null) Print($"no verdict: the CPU has no TF32, so float32 was compared with itself");
        else Print($"TF32 {(isWithin ? "stays" : "does NOT stay")} within {LossCurve.Bar:0.0%}");
        if (options.Json is { } json)
        {
            File.WriteAllText(json, JsonSerializer.Serialize(
                new { options.Device, Size = size, Float32 = reference, Float32Again = again, Tf32 = tf32 }, s_indented));
        }
        return isWithin ? 0 : 1;

        static void Tell(string name, LossCurve apart) =>
            Print($"{name}: differs by at most {apart.Difference:0.0000%} of the loss, at iteration {apart.Iteration}");
    }

    private static double? Differs(DeviceRow row) => row.EagerLoss is { } eager ? Math.Abs(row.Loss - eager) / Math.Abs(eager) : null;

    private static T Ours<T>(params string[] args) =>
        JsonSerializer.Deserialize<T>(Output(Environment.ProcessPath!, [DeviceChild.Name, .. args]))!;

    private static EagerResult Eager(string python, DeviceOptions options, SharedInputs inputs, int size, string precision) =>
        JsonSerializer.Deserialize<EagerResult>(Output(python,
        [
            Path.Combine(AppContext.BaseDirectory, "Gpu", "eager.py"), "--device", options.Device, "--sizes", Text(size),
            "--repeats", Text(options.Repeats), "--inputs", inputs.Folder,
            .. precision == ValueNames.Of(ConvolutionPrecision.Tf32) ? ["--tf32"] : Array.Empty<string>(),
            .. options.Search ? ["--cudnn-benchmark"] : Array.Empty<string>(),
            .. options.Compile ? ["--compile"] : Array.Empty<string>(),
        ]))!;

    private static string Output(string program, IReadOnlyList<string> args)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, args) { RedirectStandardOutput = true })!;
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0
                ? output
                : throw new InvalidOperationException(
                    $"'{Path.GetFileName(program)} {string.Join(' ', args)}' failed with exit code {process.ExitCode}");
        }
        catch (Win32Exception failure)
        {
            throw new InvalidInputException($"'{program}' cannot be started: {failure.Message}", failure);
        }
    }

    private static double? Median(IEnumerable<double?> values)
    {
        var known = values.OfType<double>().ToArray();
        return known.Length == 0 ? null : SpeedCommand.Median(known);
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}

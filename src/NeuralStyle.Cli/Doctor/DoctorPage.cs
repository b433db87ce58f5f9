using System.Globalization;
using NeuralStyle.Cli.Jobs;
using NeuralStyle.Cli.Progress;
using NeuralStyle.Diagnosis;
using NeuralStyle.Memory;
using NeuralStyle.Runtime;
using NeuralStyle.Runtime.Native;
using NeuralStyle.Weights.BuiltIn;

namespace NeuralStyle.Cli.Doctor;

/// <summary>The text output of <c>nst doctor</c>.</summary>
internal static class DoctorPage
{
    /// <summary>Writes it.</summary>
    public static void Write(DoctorReport report, TextWriter output)
    {
        output.WriteLine(Printable.Of($"nst {report.Version} on {System(report.System)}"));
        output.WriteLine();
        var rows = Rows(report).ToArray();
        var width = rows.Max(row => row.Label.Length) + 2;
        foreach (var (label, text) in rows) output.WriteLine($"{label.PadRight(width)}{Printable.Of(text)}");
        output.WriteLine();
        if (report.IsHealthy) output.WriteLine("nothing is broken");
        foreach (var (severity, what, remedy) in report.Findings)
            output.WriteLine($"{severity.ToString().ToLowerInvariant()}: {Printable.Of(what)}\n  → {Printable.Of(remedy)}");
    }

    private static string System(SystemFacts system) => string.Join(", ", ((string?[])
    [
        system.Name,
        system.Kernel == system.Name ? null : system.Kernel,
        system.Wine is { } wine ? $"played by Wine {wine}" : null,
        system.CLibrary,
        system.Architecture == system.SystemArchitecture
            ? system.Architecture
            : $"{system.Architecture} emulated on {system.SystemArchitecture}",
        $".NET {system.Runtime}",
    ]).OfType<string>());

    private static IEnumerable<(string Label, string Text)> Rows(DoctorReport report)
    {
        yield return ("program", report.Program);
        var processor = report.Processor;
        yield return ("processor", $"{processor.Name ?? "unknown"}: {Count(processor.Cores, "core")}; "
            + string.Join(", ", processor.Features));
        yield return ("convolutions", processor.Vectors is { } bits
            ? $"fused, with vectors of {bits} bits ({bits / 32} numbers)"
                + (processor.Multiplies == ConvolutionPrecision.Bfloat16 ? "; in bfloat16 on AMX" : "")
            : "libtorch's own: the fused ones need AVX2, AVX-512 or NEON");
        yield return ("memory", Memory(report.Memory));
        yield return ("limits", Limits(report.Memory));
        yield return ("libtorch", Torch(report.Libtorch));
        yield return ("CUDA", Cuda(report));
        foreach (var row in Pictures(report.Pictures)) yield return row;
        foreach (var row in Weights(report.Weights)) yield return row;
        foreach (var (folder, first) in report.Folders.Select((folder, index) => (folder, index == 0)))
            yield return (first ? "folders" : "", Folder(folder));
        yield return ("ffmpeg", report.Ffmpeg.Found ? $"{report.Ffmpeg.Version}" : "not found");
        yield return ("browser", report.Browser.Found ? "can be opened" : "cannot be opened from here: pages give their address");
        foreach (var ((name, value), index) in report.Variables.Select((pair, index) => (pair, index)))
            yield return (index == 0 ? "variables" : "", $"{name}={value}");
    }

    private static string Memory(MemoryFacts memory) =>
        $"{MemoryBudget.Format(memory.Total)}{(memory.Free is { } free ? $", {MemoryBudget.Format(free)} free" : "")}; "
            + $"a run may take {MemoryBudget.Format(memory.Run)}";

    private static string Limits(MemoryFacts memory)
    {
        string[] all =
        [
            .. memory.Container is { } bytes ? [$"memory of the container {MemoryBudget.Format(bytes)}"] : (string[])[],
            .. memory.Processors is { } share ? [Text($"processors of the container {share:0.##}")] : (string[])[],
            .. memory.AddressSpace is { } space ? [$"address space {MemoryBudget.Format(space)}"] : (string[])[],
            .. memory.OpenFiles is { } files ? [$"open files {files}"] : (string[])[],
            .. memory.HugePages is { } pages ? [$"transparent huge pages: {pages}"] : (string[])[],
        ];
        return all.Length == 0 ? "none" : string.Join("; ", all);
    }

    private static string Torch(TorchFacts torch)
    {
        if (torch.Error is not null) return "does not work, see below";
        var wrapper = torch.Wrapper switch
        {
            WrapperState.Repaired => "; TorchSharp's library is repaired for an older libstdc++",
            WrapperState.RepairedCopy => "; a repaired copy of TorchSharp's library is used",
            _ => "",
        };
        return Text($"{torch.Version ?? "unknown version"}, {(torch.HasCuda ? "CUDA" : "CPU")} build, {Count(torch.Threads, "thread")}, ")
            + Text($"ready in {torch.Seconds:0.0} s{wrapper}");
    }

    private static string Cuda(DoctorReport report) => report.Libtorch.Error is not null ? "unknown: libtorch does not work"
        : report.Libtorch.CudaDevices == 0 ? $"not available: {Findings.NoCuda(report)}"
        : report.Graphics is { } graphics
            ? string.Join("; ", graphics.Select(gpu => $"{gpu.Name}, {MemoryBudget.Format(gpu.Memory)}, driver {gpu.Driver}"))
        : Count(report.Libtorch.CudaDevices, "device");

    private static IEnumerable<(string Label, string Text)> Pictures(PictureLibraryFacts pictures)
    {
        if (pictures.Error is not null)
        {
            yield return ("pictures", "libvips does not load, see below");
            yield break;
        }
        yield return ("pictures", $"libvips {pictures.Libvips}, ImageMagick {pictures.Magick ?? "does not load"}");
        yield return ("  read", string.Join(", ", pictures.Codecs!.Where(codec => codec.Reads).Select(codec => codec.Format)));
        yield return ("  written", string.Join(", ", pictures.Codecs!.Where(codec => codec.Writes == true).Select(codec => codec.Format)));
    }

    private static IEnumerable<(string Label, string Text)> Weights(WeightsState weights)
    {
        yield return ("network", weights.InUse is { } used
            ? $"{(used == BuiltInNetwork.Name ? "the built-in one" : used)} ({weights.Reason})"
            : "none, see below");
        foreach (var network in weights.Installed)
            yield return ("  installed", $"{network.Name}, {TextTable.Size(network.Bytes)}: {network.Network ?? "damaged, see below"}");
    }

    private static string Folder(FolderFacts folder) => $"{folder.Purpose}: {folder.Path}, {(folder.IsWritable
        ? folder.IsThere ? "writable" : "can be made"
        : "not writable")}{(folder.Free is { } free ? $", {MemoryBudget.Format(free)} free" : "")}";

    private static string Count(int number, string what) => Text($"{number} {what}{(number == 1 ? "" : "s")}");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

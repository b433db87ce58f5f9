using NeuralStyle.Cli.Films;
using NeuralStyle.Diagnosis;
using NeuralStyle.Memory;
using NeuralStyle.Runtime.Native;
using NeuralStyle.Weights.BuiltIn;

namespace NeuralStyle.Cli.Doctor;

/// <summary>What is wrong on a machine or could be better, each with what to do: a pure function of the facts.</summary>
internal static class Findings
{
    private const long LittleMemory = 1L << 30; // of a run
    private const long LittleDisk = 500L << 20;

    private const string Again = "install nst again; if that does not help, report it with this page";
    private const string InsteadOfWine = "use the Linux build of nst, or a real Windows: Wine lacks what the library needs";

    private static readonly string[] s_needed = ["JPEG", "PNG"];

    /// <summary>All findings, the worst first.</summary>
    public static IReadOnlyList<Finding> Of(DoctorReport report) =>
        ((IEnumerable<Finding>[])[OpenSsl(report.System), Torch(report), Pictures(report), Weights(report.Weights), Folders(report),
            Programs(report), Graphics(report), Speed(report)])
            .SelectMany(findings => findings)
            .OrderBy(finding => finding.Severity)
            .ToArray();

    private static IEnumerable<Finding> OpenSsl(SystemFacts system)
    {
        if (!system.HasOpenSsl)
            yield return new Finding(Severity.Broken, "OpenSSL is not installed, which nst needs for checksums and https",
                "apt install libssl3, or the package of that name elsewhere");
    }

    private static IEnumerable<Finding> Torch(DoctorReport report)
    {
        if (report.Libtorch.Error is { } error)
            yield return new Finding(Severity.Broken, $"libtorch does not work: {error}", TorchRemedy(report, error));
        else if (report.Libtorch.Wrapper == WrapperState.RepairedCopy)
            yield return new Finding(Severity.Advice, "the folder of the program is read-only, so a library is repaired at each start",
                "run nst once as the owner of the folder");
    }

    private static string TorchRemedy(DoctorReport report, string error) =>
        error.Contains(InstalledTorch.Variable, StringComparison.Ordinal) ? $"correct or unset {InstalledTorch.Variable}; see docs/gpu.md"
        : error.Contains("ulimit", StringComparison.Ordinal) ? "ulimit -v unlimited"
        : report.System.Wine is not null ? InsteadOfWine
        : report.System.CLibrary is "not glibc" ? "use a distribution with glibc, or the Dockerfile"
        : OperatingSystem.IsWindows() ? "install the Microsoft Visual C++ 2015–2022 Redistributable (x64)"
        : Again;

    private static IEnumerable<Finding> Pictures(DoctorReport report)
    {
        if (report.Pictures.Error is { } error)
            yield return new Finding(Severity.Broken, $"libvips does not load: {error}",
                report.System.Wine is null ? Again : InsteadOfWine);
        foreach (var codec in report.Pictures.Codecs ?? [])
        {
            if (codec.Reads && codec.Writes != false) continue;
            var what = codec.Reads ? "written" : codec.Writes == false ? "read or written" : "read";
            yield return new Finding(s_needed.Contains(codec.Format) ? Severity.Broken : Severity.Missing,
                $"{codec.Format} cannot be {what}", Again);
        }
    }

    private static IEnumerable<Finding> Weights(WeightsState weights)
    {
        if (weights.Error is { } error)
            yield return new Finding(Severity.Broken, error, "name a network that is here, or give --weights builtin");
        foreach (var network in weights.Installed.Where(network => network.Error is not null))
            yield return new Finding(Severity.Missing, $"the network {network.Name} is damaged: {network.Error}",
                $"nst weights fetch {network.Name}");
        if (weights.InUse == BuiltInNetwork.Name && weights.Installed.Count == 0)
            yield return new Finding(Severity.Advice, "runs use the built-in network; the full VGG-19 paints better, and slower",
                "nst weights fetch vgg19");
    }

    private static IEnumerable<Finding> Folders(DoctorReport report)
    {
        foreach (var folder in report.Folders)
        {
            var isProgram = folder.Purpose == Examination.ProgramFolder;
            if (!folder.IsWritable && !isProgram)
                yield return new Finding(Severity.Missing, $"the folder '{folder.Path}' ({folder.Purpose}) cannot be written",
                    folder.Purpose == Examination.CurrentFolder ? "change to another folder, or give -o FOLDER/FILE"
                    : folder.Purpose == Examination.NetworksFolder ? "correct its permissions, or set XDG_DATA_HOME"
                    : $"set {(OperatingSystem.IsWindows() ? "TEMP" : "TMPDIR")} to another folder");
            else if (folder.Free < LittleDisk && !isProgram)
                yield return new Finding(Severity.Missing,
                    $"only {MemoryBudget.Format(folder.Free.Value)} are free in '{folder.Path}' ({folder.Purpose})", "make room there");
        }
    }

    private static IEnumerable<Finding> Programs(DoctorReport report)
    {
        if (!report.Ffmpeg.Found)
            yield return new Finding(Severity.Missing, "nst video needs ffmpeg, which is not installed or not in PATH",
                Ffmpeg.Installation);
        foreach (var encoder in report.Ffmpeg.Lacks)
        {
            var formats = string.Join(", ", FilmFormat.All.Where(format => format.Encoder == encoder).Select(format => format.Extension));
            yield return new Finding(Severity.Missing, $"ffmpeg has no encoder {encoder}, which {formats} need",
                "install an ffmpeg that has it, or write another kind of film");
        }
    }

    private static IEnumerable<Finding> Graphics(DoctorReport report)
    {
        var torch = report.Libtorch;
        if (torch.Error is not null || torch.CudaDevices > 0) yield break;
        if (report.Graphics is [var gpu, ..])
            yield return new Finding(Severity.Advice, $"{gpu.Name} is not used: {NoCuda(report)}", torch.HasCuda
                ? $"look at nvidia-smi, and install a newer driver than {gpu.Driver}"
                : $"install the CUDA build of nst, or name an installed PyTorch by {InstalledTorch.Variable} (docs/gpu.md)");
    }

    /// <summary>Why CUDA cannot be used.</summary>
    public static string NoCuda(DoctorReport report) => (report.Libtorch.HasCuda, report.Graphics is { Count: > 0 }) switch
    {
        (false, false) => "no NVIDIA driver is here, and this libtorch is the CPU build",
        (false, true) => "this libtorch is the CPU build",
        (true, false) => "no NVIDIA driver is here",
        (true, true) => "libtorch finds no device that it can use",
    };

    private static IEnumerable<Finding> Speed(DoctorReport report)
    {
        var (system, processor, memory, torch) = (report.System, report.Processor, report.Memory, report.Libtorch);
        if (system.Architecture != system.SystemArchitecture && OperatingSystem.IsMacOS())
            yield return new Finding(Severity.Advice, $"this build for {system.Architecture} is emulated on {system.SystemArchitecture}",
                "install the build for osx-arm64");
        if (processor.Vectors is null)
            yield return new Finding(Severity.Advice, "without AVX2 or NEON, convolutions are libtorch's own, which are slower",
                "use another machine, or look whether DOTNET_Enable… variables turn them off");
        if (!processor.ReportsCaches)
            yield return new Finding(Severity.Advice, "this virtual machine hides the processor's caches, which libtorch's libraries rely "
                + "on, so nst leaves out oneDNN and AMX", "let it show them: with QEMU, -cpu host,host-cache-info=on");
        var granted = (int)Math.Ceiling(Math.Min(memory.Processors ?? int.MaxValue, processor.Cores));
        if (torch.Threads > granted)
            yield return new Finding(Severity.Advice,
                $"libtorch takes {torch.Threads} threads, and this process is granted {granted} processors", $"--threads {granted}");
        if (torch.Threads > 0 && 2 * torch.Threads < granted)
            yield return new Finding(Severity.Advice, $"libtorch takes only {torch.Threads} threads of {granted} processors",
                $"--threads {granted}, or look for OMP_NUM_THREADS among the variables");
        if (memory.HugePages == "never")
            yield return new Finding(Severity.Advice, "Linux's transparent huge pages are off, which makes runs slower",
                "echo madvise | sudo tee /sys/kernel/mm/transparent_hugepage/enabled");
        if (memory.Run < LittleMemory)
            yield return new Finding(Severity.Advice,
                $"a run may take only {MemoryBudget.Format(memory.Run)}, so larger pictures are computed in tiles", "close other programs");
    }
}

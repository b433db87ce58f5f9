using NeuralStyle.Cli.Films;
using NeuralStyle.Cli.Studio;
using NeuralStyle.Diagnosis;
using NeuralStyle.Runs;
using NeuralStyle.Weights;
using NeuralStyle.Weights.BuiltIn;

namespace NeuralStyle.Cli.Doctor;

/// <summary>Gathers the facts of <see cref="DoctorReport"/>. Nothing of it fails: what does not work is a fact.</summary>
internal static class Examination
{
    public const string CurrentFolder = "current folder", NetworksFolder = "networks", TemporaryFolder = "temporary files",
        ProgramFolder = "program";

    private static readonly string[] s_variables = ["NST_", "OMP_", "MKL_", "KMP_", "GOMP_", "CUDA_", "DOTNET_Enable", "DOTNET_gc",
        "DOTNET_GC", "DOTNET_PROCESSOR_COUNT", "LD_LIBRARY_PATH", "LD_PRELOAD", "XDG_DATA_HOME", "VIPS_", "MAGICK_", "MALLOC_",
        "GLIBC_TUNABLES"];

    /// <summary>Examines this machine.</summary>
    public static async Task<DoctorReport> Run()
    {
        var torch = ProbeProcess.Ask(Probe.Libtorch, reason => new TorchFacts(reason));
        var pictures = ProbeProcess.Ask(Probe.Pictures, reason => new PictureLibraryFacts(reason));
        var locator = new WeightsLocator();
        var report = new DoctorReport
        {
            Version = RunRecord.CurrentVersion,
            Program = AppContext.BaseDirectory,
            System = SystemFacts.Read(),
            Processor = ProcessorFacts.Read(),
            Memory = MemoryFacts.Read(),
            Graphics = GraphicsFacts.Read(),
            Weights = WeightsOf(locator),
            Folders =
            [
                FolderFacts.Try(CurrentFolder, Environment.CurrentDirectory) with { Path = "." }, // its path may be private
                FolderFacts.Try(NetworksFolder, locator.CacheFolder),
                FolderFacts.Try(TemporaryFolder, Path.GetTempPath()),
                FolderFacts.Try(ProgramFolder, AppContext.BaseDirectory),
            ],
            Ffmpeg = FfmpegOf(),
            Browser = new ProgramState("a browser for nst studio and --preview", null, BrowserOpener.IsThere, []),
            Variables = VariablesOf(),
            Libtorch = await torch,
            Pictures = await pictures,
        };
        return report with { Findings = Doctor.Findings.Of(report) };
    }

    private static WeightsState WeightsOf(WeightsLocator locator)
    {
        var installed = WeightsCache.Installed(locator.CacheFolder).Select(Inspect).ToArray();
        try
        {
            var choice = locator.Locate();
            if (choice.Path is not { } path) BuiltInNetwork.Create(); // it is whole
            else WeightsFile.Inspect(path);
            return new WeightsState(locator.CacheFolder, installed, choice.Path ?? BuiltInNetwork.Name, choice.Reason, null);
        }
        catch (Exception failure) when (failure is InvalidInputException or RunFailedException or IOException
            or UnauthorizedAccessException)
        {
            return new WeightsState(locator.CacheFolder, installed, null, null, TorchFacts.Reason(failure));
        }
    }

    private static InstalledNetwork Inspect(string path)
    {
        var name = Path.GetFileNameWithoutExtension(path);
        try
        {
            return new InstalledNetwork(name, new FileInfo(path).Length, NetworkPortrait.Of(WeightsFile.Inspect(path)).Network, null);
        }
        catch (Exception failure) when (failure is InvalidInputException or RunFailedException or IOException
            or UnauthorizedAccessException)
        {
            return new InstalledNetwork(name, 0, null, TorchFacts.Reason(failure));
        }
    }

    private static ProgramState FfmpegOf()
    {
        try
        {
            Ffmpeg.Require();
            var words = Ffmpeg.Run("ffmpeg", ["-version"]).Output.Split(' '); // ffmpeg version 5.1.6-0+deb12u1 Copyright …
            var lacks = FilmFormat.All.Select(format => format.Encoder).Distinct().Where(encoder => !Ffmpeg.HasEncoder(encoder)).ToArray();
            return new ProgramState("ffmpeg", words.ElementAtOrDefault(2), true, lacks);
        }
        catch (RunFailedException)
        {
            return new ProgramState("ffmpeg", null, false, []);
        }
    }

    private static SortedDictionary<string, string> VariablesOf()
    {
        var result = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (System.Collections.DictionaryEntry entry in Environment.GetEnvironmentVariables())
        {
            var name = (string)entry.Key;
            if (s_variables.Any(start => name.StartsWith(start, StringComparison.Ordinal))) result[name] = (string?)entry.Value ?? "";
        }
        return result;
    }
}

using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using NeuralStyle.Imaging;
using NeuralStyle.Runtime;
using NeuralStyle.Settings;
using NeuralStyle.Vgg;
using TorchSharp;

namespace NeuralStyle.Benchmarks.Runs;

/// <summary>Where the time of a picture went.</summary>
/// <param name="Seconds">From the start of the process, or from the end of the picture before, to the written picture.</param>
/// <param name="Phases">The longest first.</param>
internal sealed record ProfileResult(double Seconds, IReadOnlyList<PhaseTime> Phases);

/// <summary>Two whole runs of the library in a process of its own, their phases measured: a picture, and the next of a batch.</summary>
internal static class ProfileChild
{
    public const string Name = "profile-child";

    public static int Run(string[] args)
    {
        if (args is not [var content, var style, var weights, var preset, var size])
            throw new ArgumentException("expected CONTENT STYLE WEIGHTS PRESET SIZE", nameof(args));
        using var process = Process.GetCurrentProcess();
        var started = (DateTime.Now - process.StartTime).TotalSeconds;
        var settings = Presets.Find(preset) with { Size = int.Parse(size, CultureInfo.InvariantCulture) };
        var folder = Directory.CreateTempSubdirectory("nst-profile-").FullName;
        using var cache = new StyleCache();
        Picture? known = null;
        VggWeights? network = null;
        ProfileResult first, next;
        try
        {
            first = Measure(new PhaseTime("start of the process", started, started, 1), () =>
            {
                TorchRuntime.Initialize();
                ComputeTuning.Use(torch.CPU, new ComputeSettings()); // as the program does
                Make("out.png");
            });
            next = Measure(null, () => Make("next.png"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
        Console.WriteLine(JsonSerializer.Serialize((ProfileResult[])[first, next]));
        return 0;

        void Make(string name)
        {
            using var made = StyleTransfer.Run(Inputs(), network ??= Networks.Find(weights.Length == 0 ? null : weights), settings,
                new RunSettings { Cache = cache });
            using var phase = RunProfile.Of("writing");
            made.Save(Path.Combine(folder, name));
        }

        StyleInputs Inputs()
        {
            using var phase = RunProfile.Of("reading");
            return new StyleInputs(Picture.Load(content), known ??= Picture.Load(style));
        }
    }

    private static ProfileResult Measure(PhaseTime? before, Action make)
    {
        using var profile = RunProfile.Start("rest");
        make();
        IReadOnlyList<PhaseTime> phases = before is null ? profile.Read() : [.. profile.Read(), before];
        return new ProfileResult(phases.Sum(phase => phase.Seconds), phases);
    }
}

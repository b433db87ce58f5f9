using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using NeuralStyle.Imaging;
using NeuralStyle.Runtime;
using NeuralStyle.Settings;
using TorchSharp;

namespace NeuralStyle.Benchmarks.Runs;

/// <summary>Where the time of one run went.</summary>
/// <param name="Seconds">From the start of the process to the written picture.</param>
/// <param name="Phases">The longest first.</param>
internal sealed record ProfileResult(double Seconds, IReadOnlyList<PhaseTime> Phases);

/// <summary>One whole run of the library in a process of its own, with its phases measured.</summary>
internal static class ProfileChild
{
    public const string Name = "profile-child";

    public static int Run(string[] args)
    {
        if (args is not [var content, var style, var weights, var preset, var size])
            throw new ArgumentException("expected CONTENT STYLE WEIGHTS PRESET SIZE", nameof(args));
        using var process = Process.GetCurrentProcess();
        var started = (DateTime.Now - process.StartTime).TotalSeconds;
        using var profile = RunProfile.Start("rest");
        TorchRuntime.Initialize();
        ComputeTuning.Use(torch.CPU, new ComputeSettings()); // as the program does
        var result = Path.Combine(Directory.CreateTempSubdirectory("nst-profile-").FullName, "out.png");
        var inputs = Inputs(content, style);
        var settings = Presets.Find(preset) with { Size = int.Parse(size, CultureInfo.InvariantCulture) };
        using (var made = StyleTransfer.Run(inputs, Networks.Find(weights.Length == 0 ? null : weights), settings))
        {
            using var phase = RunProfile.Of("writing");
            made.Save(result);
        }
        Directory.Delete(Path.GetDirectoryName(result)!, recursive: true);
        var phases = profile.Read().Append(new PhaseTime("start of the process", started, started, 1)).ToArray();
        Console.WriteLine(JsonSerializer.Serialize(new ProfileResult((DateTime.Now - process.StartTime).TotalSeconds, phases)));
        return 0;
    }

    private static StyleInputs Inputs(string content, string style)
    {
        using var phase = RunProfile.Of("reading");
        return new StyleInputs(Picture.Load(content), Picture.Load(style));
    }
}

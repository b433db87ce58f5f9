using System.Diagnostics;
using NeuralStyle.Runtime;
using NeuralStyle.Runtime.Native;
using TorchSharp;

namespace NeuralStyle.Diagnosis;

/// <summary>libtorch, as it works in a process.</summary>
/// <param name="Error">Why it does not work; null if it does.</param>
/// <param name="Version">Its version; null if it did not load or does not tell.</param>
/// <param name="Folder">The folder that it was loaded from; null if unknown.</param>
/// <param name="Wrapper">What was done to TorchSharp's library for an older libstdc++; null if it did not load.</param>
/// <param name="Threads">The number of threads that it takes by itself.</param>
/// <param name="HasCuda">Whether it is a build for CUDA.</param>
/// <param name="CudaDevices">CUDA devices that it can use.</param>
/// <param name="Seconds">Time to load it and to compute a little.</param>
internal sealed record TorchFacts(string? Error, string? Version = null, string? Folder = null, WrapperState? Wrapper = null,
    int Threads = 0, bool HasCuda = false, int CudaDevices = 0, double Seconds = 0)
{
    private const int Side = 64;

    /// <summary>Loads libtorch into this process and computes a product of matrices on each device.</summary>
    public static TorchFacts Try()
    {
        var start = Stopwatch.GetTimestamp();
        try
        {
            TorchRuntime.Initialize();
            var devices = torch.cuda.is_available() ? torch.cuda.device_count() : 0;
            torch.Device[] all = [torch.CPU, .. Enumerable.Range(0, devices).Select(index => torch.device($"cuda:{index}"))];
            var wrong = Array.Find(all, device => !Computes(device));
            var path = LoadedLibtorch.Path();
            return new TorchFacts(wrong is null ? null : $"wrong results on {wrong}", LoadedLibtorch.Version(path),
                Path.GetDirectoryName(path), NativeLibraries.Wrapper, torch.get_num_threads(), LoadedLibtorch.HasCuda(path), devices,
                Stopwatch.GetElapsedTime(start).TotalSeconds);
        }
        catch (Exception failure) // whatever it is: it is what was asked for
        {
            return new TorchFacts(Reason(failure));
        }
    }

    /// <summary>What went wrong at the bottom, in one line.</summary>
    internal static string Reason(Exception failure)
    {
        while (failure is TypeInitializationException or System.Reflection.TargetInvocationException && failure.InnerException is { } inner)
            failure = inner;
        var text = failure is InvalidInputException or RunFailedException
            ? failure.Message
            : $"{failure.GetType().Name}: {failure.Message}";
        return text.ReplaceLineEndings(" ").Trim();
    }

    private static bool Computes(torch.Device device)
    {
        using var scope = torch.NewDisposeScope();
        var ones = torch.ones(Side, Side, device: device);
        return ones.matmul(ones).sum().item<float>() == Side * Side * Side;
    }
}

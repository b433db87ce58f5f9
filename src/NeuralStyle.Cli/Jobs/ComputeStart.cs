using NeuralStyle.Runtime;
using NeuralStyle.Runtime.Native;
using TorchSharp;

namespace NeuralStyle.Cli.Jobs;

/// <summary>What every command does before it computes on devices.</summary>
internal static class ComputeStart
{
    /// <summary>Selects and prepares devices, and warns of a libtorch that nst was not made for.</summary>
    /// <param name="names">Their names; at least one.</param>
    /// <param name="settings">How CUDA devices compute.</param>
    /// <param name="error">Receives the warning.</param>
    public static torch.Device[] On(IEnumerable<string> names, ComputeSettings settings, TextWriter error)
    {
        var devices = names.Select(ComputeDevice.Select).ToArray();
        foreach (var device in devices) ComputeTuning.Use(device, settings);
        if (InstalledTorch.Notice is { } version) ErrorLine.Warn(error, version);
        return devices;
    }

    /// <summary>The same for one device.</summary>
    public static torch.Device On(string name, ComputeSettings settings, TextWriter error) => On([name], settings, error)[0];
}

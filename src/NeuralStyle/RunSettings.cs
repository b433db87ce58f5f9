using NeuralStyle.Memory;
using NeuralStyle.Runs;
using NeuralStyle.Runs.Checkpoints;
using static TorchSharp.torch;

namespace NeuralStyle;

/// <summary>
/// How a run is computed: device, memory, progress, checkpoints. The look of the picture is in the other settings.
/// </summary>
public sealed record RunSettings
{
    /// <summary>The device, see <see cref="NeuralStyle.Runtime.ComputeDevice.Select"/>; null for the CPU.</summary>
    public Device? Device { get; init; }

    /// <summary>CPU threads; null for one per physical core. Only the first run of a process can choose.</summary>
    public int? Threads { get; init; }

    /// <summary>Receives a report after every iteration, on the thread of the run; null for none.</summary>
    public IProgress<RunProgress>? Progress { get; init; }

    /// <summary>Where the run saves its state and continues from; null for no checkpoints.</summary>
    public CheckpointSettings? Checkpoint { get; init; }

    /// <summary>The memory limit; larger pictures are computed in tiles. Null for whole pictures without a limit.</summary>
    public MemorySettings? Memory { get; init; }

    /// <summary>Receives a sentence, before the run, for each size that differs from the settings; null for none.</summary>
    public Action<string>? Notice { get; init; }

    /// <summary>What this run shares with those before and after it, which saves time in a batch; null for nothing.</summary>
    public StyleCache? Cache { get; init; }

    /// <summary>Iterations whose losses are read together; null for the device's default.</summary>
    internal int? LossesAtATime { get; init; }

    /// <summary>What the picture shares with the other frames of a film; null for a picture of its own.</summary>
    internal FilmContext? Film { get; init; }
}

using static TorchSharp.torch;

namespace NeuralStyle.Reduction.Distilling;

/// <summary>How a reduced network is trained against its teacher.</summary>
internal sealed record DistillationSettings
{
    /// <summary>Steps of Adam.</summary>
    public int Steps { get; init; } = 20_000;

    /// <summary>Crops in a step.</summary>
    public int Batch { get; init; } = 16;

    /// <summary>Height and width of the part of a picture that is trained on, in pixels; a multiple of the deepest stride.</summary>
    public int Window { get; init; } = 160;

    /// <summary>Largest learning rate, in root mean squares of each kernel.</summary>
    public double LearningRate { get; init; } = 0.002;

    /// <summary>Decides which parts of which pictures are trained on.</summary>
    public int Seed { get; init; }

    /// <summary>Where to compute; null for the CPU. Settings must not load libtorch.</summary>
    public Device? Device { get; init; }
}

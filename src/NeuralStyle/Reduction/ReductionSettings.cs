namespace NeuralStyle.Reduction;

/// <summary>How a network is reduced.</summary>
internal sealed record ReductionSettings
{
    /// <summary>
    /// Channels of the convolutions of each block, from block 1 on. The reduced network ends with the last block in the list.
    /// Multiples of 32 take the fast path on CPUs.
    /// </summary>
    public IReadOnlyList<int> Widths { get; init; } = [32, 64, 128, 256, 256];

    /// <summary>
    /// Pull of each weight towards the teacher's own kernel, as a share of the variance of its input. Larger values suit fewer pictures.
    /// </summary>
    public double Ridge { get; init; } = 0.03;

    /// <summary>Steps of training of the last two blocks together, after the closed form; 0 for none.</summary>
    public int RefinementSteps { get; init; }

    /// <summary>Folder for temporary files, about 2 MB for each picture of 192×192 pixels; null takes the system's.</summary>
    public string? WorkFolder { get; init; }
}

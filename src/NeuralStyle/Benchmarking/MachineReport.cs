namespace NeuralStyle.Benchmarking;

/// <summary>What one evaluation takes at a size.</summary>
/// <param name="Width">In pixels.</param>
/// <param name="Height">In pixels.</param>
/// <param name="Seconds">Loss and gradient, with the default settings.</param>
/// <param name="Gigaflop">Work of the evaluation, see <see cref="EvaluationCost"/>.</param>
/// <param name="GigaflopPerSecond">Work by time.</param>
/// <param name="ShareOfPeak">Of the matrix product's; above 1 where Winograd's convolutions save work.</param>
internal sealed record EvaluationSpeed(int Width, int Height, double Seconds, double Gigaflop, double GigaflopPerSecond, double ShareOfPeak)
{
    /// <summary>Seconds for a million pixels.</summary>
    public double SecondsPerMegapixel => Seconds / (Width * (double)Height / 1e6);
}

/// <summary>How long runs of a preset will take.</summary>
/// <param name="Preset">Its name.</param>
/// <param name="Seconds">By the long side of the result; null where it does not fit into memory.</param>
internal sealed record PresetEstimate(string Preset, IReadOnlyDictionary<int, double?> Seconds);

/// <summary>What a machine can do.</summary>
/// <param name="Version">Of this tool.</param>
/// <param name="Device">Where it was computed.</param>
/// <param name="Threads">CPU threads.</param>
/// <param name="Weights">Name of the network.</param>
/// <param name="PeakGigaflopPerSecond">Of a product of two float32 matrices.</param>
/// <param name="Evaluations">By growing size.</param>
/// <param name="MemoryBytes">What a run may take.</param>
/// <param name="MegapixelsWhole">The largest square picture that fits as a whole, with the default settings.</param>
/// <param name="MegapixelsInTiles">The largest that fits in tiles; no larger than the largest size that can be asked for.</param>
/// <param name="Estimates">For 4:3 pictures.</param>
internal sealed record MachineReport(string Version, string Device, int Threads, string Weights, double PeakGigaflopPerSecond,
    IReadOnlyList<EvaluationSpeed> Evaluations,
    long MemoryBytes, double MegapixelsWhole, double MegapixelsInTiles, IReadOnlyList<PresetEstimate> Estimates);

using NeuralStyle.Runtime;

namespace NeuralStyle.Benchmarking;

/// <summary>The time of one evaluation at a size.</summary>
/// <param name="Width">In pixels.</param>
/// <param name="Height">In pixels.</param>
/// <param name="Seconds">Loss and gradient, with the default settings.</param>
/// <param name="Gigaflop">Work of the evaluation, see <see cref="EvaluationCost"/>.</param>
/// <param name="GigaflopPerSecond">Work divided by time.</param>
/// <param name="ShareOfPeak">Share of the matrix product's speed; above 1 if Winograd's convolutions, in float32, save work.</param>
internal sealed record EvaluationSpeed(int Width, int Height, double Seconds, double Gigaflop, double GigaflopPerSecond, double ShareOfPeak)
{
    /// <summary>Seconds per million pixels.</summary>
    public double SecondsPerMegapixel => Seconds / (Width * (double)Height / 1e6);
}

/// <summary>How long runs of a preset will take.</summary>
/// <param name="Preset">Its name.</param>
/// <param name="Seconds">By the long side of the result; null if it does not fit into memory.</param>
internal sealed record PresetEstimate(string Preset, IReadOnlyDictionary<int, double?> Seconds);

/// <summary>The results of a benchmark of this machine.</summary>
/// <param name="Version">Of this tool.</param>
/// <param name="Device">The device.</param>
/// <param name="Threads">CPU threads.</param>
/// <param name="Weights">Name of the network.</param>
/// <param name="Precision">How convolutions multiplied.</param>
/// <param name="PeakGigaflopPerSecond">Of a product of two matrices in this precision.</param>
/// <param name="Evaluations">In order of size.</param>
/// <param name="MemoryBytes">What a run may take.</param>
/// <param name="MegapixelsWhole">The largest square picture that fits whole, with the default settings.</param>
/// <param name="MegapixelsInTiles">The largest that fits in tiles, limited by the largest size that nst accepts.</param>
/// <param name="Estimates">For 4:3 pictures.</param>
internal sealed record MachineReport(string Version, string Device, int Threads, string Weights,
    ConvolutionPrecision Precision, double PeakGigaflopPerSecond, IReadOnlyList<EvaluationSpeed> Evaluations, long MemoryBytes,
    double MegapixelsWhole, double MegapixelsInTiles, IReadOnlyList<PresetEstimate> Estimates);

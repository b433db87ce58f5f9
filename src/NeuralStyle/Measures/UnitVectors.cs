using static TorchSharp.torch;

namespace NeuralStyle.Measures;

/// <summary>Activations without their size, for comparisons by direction.</summary>
internal static class UnitVectors
{
    private const double Tiny = 1e-10;

    /// <summary>Each position as a vector of length 1, or 0 where all its activations are 0.</summary>
    /// <param name="activations">Channels along the second dimension: n×C, or 1×C×h×w.</param>
    public static Tensor Of(Tensor activations) => activations / (activations.square().sum(1, keepdim: true).sqrt() + Tiny);
}

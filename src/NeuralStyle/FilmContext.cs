using NeuralStyle.Evaluation;
using NeuralStyle.Imaging;
using NeuralStyle.Vgg;
using TorchSharp;
using static TorchSharp.torch;

namespace NeuralStyle;

/// <summary>What the frames of a film share, and what a frame takes from the one before it.</summary>
/// <param name="Network">The network; not owned.</param>
/// <param name="Targets">Style targets of all frames; not owned.</param>
internal sealed record FilmContext(VggNetwork Network, SharedTargets Targets)
{
    /// <summary>The frame that styles are recoloured by, the first of the scene; null for the frame itself.</summary>
    public PictureSource? Palette { get; init; }

    /// <summary>The result before this frame; null for the first frame of a scene.</summary>
    public FrameBefore? Before { get; init; }
}

/// <summary>The result before a frame, moved to where things are in the frame.</summary>
/// <param name="Warped">1×3×H×W in [0, 1].</param>
/// <param name="Seen">1×1×H×W: 0 where the frame before does not show the pixel.</param>
/// <param name="Weight">Of the temporal loss; see <see cref="TemporalEvaluator.Weight"/>.</param>
internal sealed record FrameBefore(Tensor Warped, Tensor Seen, double Weight)
{
    /// <summary>The losses of the frame with the temporal loss.</summary>
    /// <param name="evaluator">The other losses; owned by the result.</param>
    /// <param name="device">Where to compute; copies belong to the current dispose scope.</param>
    public IEvaluator Add(IEvaluator evaluator, Device device)
    {
        if (Weight == 0) return evaluator;
        var (warped, seen) = (Warped.to(device), Seen.to(device));
        return new TemporalEvaluator(evaluator, warped, seen, TemporalEvaluator.Weight(evaluator, warped, Weight));
    }
}

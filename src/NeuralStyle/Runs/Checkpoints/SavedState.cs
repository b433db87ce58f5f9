using System.Text.RegularExpressions;
using NeuralStyle.Memory;
using static TorchSharp.torch;

namespace NeuralStyle.Runs.Checkpoints;

/// <summary>
/// Holds what a checkpoint says against what a run can have saved: the checksum vouches for the bytes, not for whoever wrote them.
/// </summary>
internal static partial class SavedState
{
    private const double LongestRun = 1e9; // seconds

    /// <summary>Checks everything but the tensors.</summary>
    /// <param name="header">What was read.</param>
    /// <param name="scales">Number of scales of the run.</param>
    /// <exception cref="ArgumentException">No run can have saved this.</exception>
    public static void Check(CheckpointHeader header, int scales)
    {
        if (header.Scale < 0 || header.Scale >= scales || header.Choices.Count != scales) throw new ArgumentException("no such scale");
        if (header.Iteration < 0) throw new ArgumentException("no such iteration");
        if (!(header.Seconds is >= 0 and <= LongestRun)) throw new ArgumentException("no such time");
        if (!header.Choices.All(choice => choice?.IsPossible == true)) throw new ArgumentException("no such tiles or history");
    }

    /// <summary>Checks names, types, shapes and values.</summary>
    /// <param name="tensors">What was read.</param>
    /// <param name="history">Steps that L-BFGS may remember.</param>
    /// <exception cref="ArgumentException">No run can have saved this.</exception>
    public static void Check(IReadOnlyDictionary<string, Tensor> tensors, int history)
    {
        if (!tensors.TryGetValue("image", out var image) || image.shape is not [1, 3, _, _] shape)
            throw new ArgumentException("there is no picture", nameof(tensors)); // whether its size fits, the state knows
        foreach (var (name, tensor) in tensors)
        {
            var fits = name switch
            {
                "average/count" or "optimizer/steps" => tensor.dtype == ScalarType.Int64 && tensor.numel() == 1,
                "optimizer/unit" => tensor.dtype == ScalarType.Float64 && tensor.numel() == 1,
                "optimizer/total" => tensor.is_floating_point() && tensor.numel() == 1,
                "optimizer/raw" => tensor.is_floating_point() && tensor.dim() == 1,
                "optimizer/numbers" => tensor.dtype == ScalarType.Float64 && tensor.dim() == 1,
                "patience/best" => tensor.dtype == ScalarType.Float64 && tensor.dim() == 1,
                "optimizer/first" or "optimizer/second" => tensor.is_floating_point() && tensor.shape.SequenceEqual(shape),
                "image" or "searched" or "average/sum" or "optimizer/gradient" => IsImage(tensor, shape),
                _ => Pair().Match(name) is { Success: true } pair && int.Parse(pair.Groups[1].ValueSpan,
                    System.Globalization.CultureInfo.InvariantCulture) < history && IsVector(tensor, shape),
            };
            if (!fits) throw new ArgumentException($"the tensor {name} is not one of such a run", nameof(tensors));
            if (!IsFinite(tensor)) throw new ArgumentException($"the tensor {name} is not finite", nameof(tensors));
        }
    }

    private static bool IsImage(Tensor tensor, long[] shape) => tensor.dtype == ScalarType.Float32 && tensor.shape.SequenceEqual(shape);

    private static bool IsVector(Tensor tensor, long[] shape) =>
        tensor.dtype is ScalarType.Float32 or ScalarType.BFloat16 && tensor.shape.SequenceEqual(shape);

    private static bool IsFinite(Tensor tensor)
    {
        if (!tensor.is_floating_point()) return true;
        using var finite = tensor.isfinite();
        using var all = finite.all();
        return all.item<bool>();
    }

    [GeneratedRegex(@"^optimizer/[sy](\d{1,4})\z")]
    private static partial Regex Pair();
}

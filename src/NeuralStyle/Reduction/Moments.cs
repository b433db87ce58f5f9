using TorchSharp;
using static TorchSharp.torch;

namespace NeuralStyle.Reduction;

/// <summary>Sums for the covariance of the channels of a layer over many pictures.</summary>
internal sealed class Moments(int channels)
{
    private readonly Tensor _sum = zeros(channels, float64); // owned by the dispose scope around
    private readonly Tensor _products = zeros(channels, channels, float64);
    private long _positions;

    /// <summary>Adds activations.</summary>
    /// <param name="features">C×P.</param>
    public void Add(Tensor features)
    {
        using var scope = NewDisposeScope();
        var x = features.contiguous();
        _sum.add_(x.sum(1));
        _products.add_(x.mm(x.t()));
        _positions += x.shape[1];
    }

    /// <summary>C×C float64.</summary>
    public Tensor Covariance()
    {
        using var scope = NewDisposeScope();
        var mean = _sum / _positions;
        return (_products / _positions - mean.outer(mean)).MoveToOuterDisposeScope();
    }
}

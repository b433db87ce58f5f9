using static TorchSharp.torch;

namespace NeuralStyle.Vgg;

/// <summary>From pictures in [0, 1] to the input of a network, and back for gradients; see <see cref="Preprocessing"/>.</summary>
internal sealed class InputTransform : IDisposable
{
    private readonly Tensor _scale, _shift; // 1×3×1×1

    /// <summary>The transform of a convention on a device.</summary>
    /// <param name="preprocessing">In RGB order; see <see cref="VggWeights.InRgbOrder"/>.</param>
    /// <param name="dtype">Of the network.</param>
    /// <param name="device">Of the network.</param>
    public InputTransform(Preprocessing preprocessing, ScalarType dtype, Device device)
    {
        using var scope = NewDisposeScope();
        var inverse = tensor(preprocessing.StandardDeviation.ToArray()).reciprocal().view(1, 3, 1, 1);
        _scale = Own(inverse * preprocessing.Range);
        _shift = Own(inverse * tensor(preprocessing.Mean.ToArray()).view(1, 3, 1, 1));

        Tensor Own(Tensor value) => value.to(dtype, device).contiguous().DetachFromDisposeScope();
    }

    /// <summary>The input of the network; a new tensor.</summary>
    /// <param name="image">1×3×H×W, RGB in [0, 1].</param>
    public Tensor Apply(Tensor image)
    {
        var scaled = image.mul(_scale);
        var input = scaled.sub_(_shift);
        if (!ReferenceEquals(input, scaled)) scaled.Dispose();
        return input;
    }

    /// <summary>
    /// Turns the gradient with respect to the network's input into that with respect to the picture, in place, and returns it.
    /// </summary>
    public Tensor ToPicture(Tensor gradient) => gradient.mul_(_scale);

    /// <inheritdoc/>
    public void Dispose()
    {
        _scale.Dispose();
        _shift.Dispose();
    }
}

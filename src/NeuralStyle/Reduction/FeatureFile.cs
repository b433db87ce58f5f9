using TorchSharp;
using static TorchSharp.torch;

namespace NeuralStyle.Reduction;

/// <summary>Tensors of one shape in a temporary file, in half precision: holds activations of many pictures without using memory.</summary>
internal sealed class FeatureFile : IDisposable
{
    private const double LargestHalf = 65504;

    private readonly FileStream _file;
    private readonly long[] _shape;
    private readonly long _bytes; // of one tensor

    /// <summary>Makes an empty file, which the system removes when it is closed.</summary>
    /// <param name="path">Name of the file.</param>
    /// <param name="shape">Shape of each tensor.</param>
    public FeatureFile(string path, params long[] shape)
    {
        _shape = shape;
        _bytes = 2 * shape.Aggregate(1L, (product, size) => product * size);
        _file = new FileStream(path, FileMode.Create, FileAccess.ReadWrite, FileShare.None, 1 << 16, FileOptions.DeleteOnClose);
    }

    /// <summary>Stores a tensor at an index.</summary>
    public void Write(int index, Tensor value)
    {
        using var scope = NewDisposeScope();
        var half = value.clamp(-LargestHalf, LargestHalf).to(float16).contiguous();
        _file.Position = index * _bytes;
        _file.Write(half.bytes);
    }

    /// <summary>Returns the tensor at an index as float32; the caller owns it.</summary>
    public Tensor Read(int index)
    {
        using var half = empty(_shape, float16);
        _file.Position = index * _bytes;
        _file.ReadExactly(half.bytes);
        return half.to(float32);
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();
}

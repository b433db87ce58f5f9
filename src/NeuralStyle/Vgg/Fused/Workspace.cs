using NeuralStyle.Runtime.Native;
using static TorchSharp.torch;

namespace NeuralStyle.Vgg.Fused;

/// <summary>
/// The memory of a pass: two buffers in turn for what lies between two steps, one read while the other is written, and one for each
/// of the layers asked for, the first, the second and so on, whichever they are. They grow to the largest that was needed and are used
/// again by the next pass: an allocator that is asked for all
/// sizes of layers in turn takes up half as much again.
/// </summary>
internal sealed class Workspace : IDisposable
{
    private readonly Dictionary<object, Tensor> _buffers = [];
    private bool _second;
    private long _positions;
    private int _lasting;

    /// <summary>
    /// Begins a pass. For one that is larger than all before, everything is let go first: buffers that grow one by one leave holes
    /// that none of the others fits into, and passes over the tiles of a picture grow three or four times.
    /// </summary>
    /// <param name="positions">Height times width of its picture.</param>
    public void Begin(long positions)
    {
        _lasting = 0;
        if (positions <= _positions) return;
        Dispose();
        _positions = positions;
    }

    /// <summary>The buffer that was not given last, in a shape. Valid until the one after the next is asked for.</summary>
    /// <param name="shape">Of float32 values, undefined.</param>
    /// <returns>A view; owned by the caller.</returns>
    public Tensor Next(params long[] shape) => Buffer(_second = !_second, shape);

    /// <summary>A buffer of its own, in a shape. Valid until the next pass.</summary>
    /// <inheritdoc cref="Next"/>
    public Tensor Lasting(params long[] shape) => Buffer(_lasting++, shape);

    private Tensor Buffer(object key, long[] shape)
    {
        var count = shape.Aggregate(1L, (product, side) => product * side);
        if (!_buffers.TryGetValue(key, out var buffer) || buffer.numel() < count)
        {
            buffer?.Dispose();
            _buffers[key] = buffer = NativeAllocator.Apart(() => empty(count).DetachFromDisposeScope());
        }
        using var part = buffer.narrow(0, 0, count);
        return part.view(shape);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var buffer in _buffers.Values) buffer.Dispose();
        _buffers.Clear();
    }
}

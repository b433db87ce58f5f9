using NeuralStyle.Runtime.Native;
using static TorchSharp.torch;

namespace NeuralStyle.Vgg.Fused;

/// <summary>
/// The memory of a pass: two alternating buffers for intermediate results, one read while the other is written, and one for each of the
/// requested layers, in order. They grow to the largest size that was needed and are reused by the next pass: an allocator that is asked
/// for all sizes of layers in turn needs half as much again.
/// </summary>
internal sealed class Workspace : IDisposable
{
    private readonly Dictionary<object, Tensor> _buffers = [];
    private bool _second;
    private long _positions;
    private int _lasting;

    /// <summary>
    /// Begins a pass. Before one that is larger than all earlier ones, all buffers are freed: buffers that grow one by one leave holes
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

    /// <summary>The buffer that was not returned last, in a shape. Valid until the call after the next one.</summary>
    /// <param name="shape">Of float32 values, undefined.</param>
    /// <returns>A view; owned by the caller.</returns>
    public Tensor Next(params long[] shape) => Buffer(_second = !_second, shape);

    /// <summary>A separate buffer, in a shape. Valid until the next pass.</summary>
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

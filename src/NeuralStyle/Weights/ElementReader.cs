using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace NeuralStyle.Weights;

/// <summary>Converts stored numbers to float32 arrays, and reorders their axes on the way.</summary>
internal static class ElementReader
{
    private const int BufferElements = 1 << 12;

    /// <summary>Reads a whole tensor.</summary>
    /// <param name="stream">Delivers the elements in storage order; must end with the last of them.</param>
    /// <param name="info">How it is stored.</param>
    /// <param name="axes">The stored axes in the order wanted in the result, slowest first: 3, 2, 0, 1 turns H×W×I×O into O×I×H×W.</param>
    /// <returns>All values, the last of <paramref name="axes"/> fastest.</returns>
    /// <exception cref="EndOfStreamException">The stream ends early.</exception>
    /// <exception cref="WeightsFormatException">The stream continues after the last element.</exception>
    public static float[] Read(Stream stream, TensorInfo info, ReadOnlySpan<int> axes)
    {
        var result = new float[info.Count];
        var scatter = new Scatter(info, axes);
        var elements = (int)Math.Min(BufferElements, info.Count);
        var (bytes, values) = (new byte[elements * info.Type.Size()], new float[elements]);
        for (var left = info.Count; left > 0;)
        {
            var count = (int)Math.Min(left, elements);
            var part = bytes.AsSpan(0, count * info.Type.Size());
            stream.ReadExactly(part);
            Decode(part, info.Type, info.BigEndian, values);
            scatter.Write(values.AsSpan(0, count), result);
            left -= count;
        }
        if (stream.ReadByte() >= 0) throw new WeightsFormatException("a tensor has more bytes than its shape says");
        return result;
    }

    private static void Decode(Span<byte> bytes, ElementType type, bool bigEndian, Span<float> values)
    {
        var size = type.Size();
        if (bigEndian == BitConverter.IsLittleEndian)
        {
            for (var i = 0; i < bytes.Length; i += size) bytes.Slice(i, size).Reverse();
        }
        switch (type)
        {
            case ElementType.Int8:
                Convert(MemoryMarshal.Cast<byte, sbyte>(bytes), values);
                break;
            case ElementType.Float32:
                MemoryMarshal.Cast<byte, float>(bytes).CopyTo(values);
                break;
            case ElementType.Float16:
                Convert(MemoryMarshal.Cast<byte, Half>(bytes), values);
                break;
            case ElementType.BFloat16:
                Widen(MemoryMarshal.Cast<byte, ushort>(bytes), values);
                break;
            default:
                Convert(MemoryMarshal.Cast<byte, double>(bytes), values);
                break;
        }
    }

    /// <summary>The index of the first value that is not finite; −1 when all are.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)] // these loops run once, over millions of values: .NET would start them slowly
    public static int FirstNotFinite(ReadOnlySpan<float> values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            if (!float.IsFinite(values[i])) return i;
        }
        return -1;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Convert<T>(ReadOnlySpan<T> from, Span<float> to)
        where T : INumberBase<T>
    {
        for (var i = 0; i < from.Length; i++) to[i] = float.CreateTruncating(from[i]);
    }

    /// <summary>From bfloat16, the upper half of a float32.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Widen(ReadOnlySpan<ushort> from, Span<float> to)
    {
        for (var i = 0; i < from.Length; i++) to[i] = BitConverter.Int32BitsToSingle(from[i] << 16);
    }

    /// <summary>Counts through the stored axes like an odometer and tracks the position in the result.</summary>
    private sealed class Scatter
    {
        private readonly int[] _sizes; // by storage order, slowest first
        private readonly int[] _steps; // in the result
        private readonly int[] _position;
        private int _target;

        public Scatter(TensorInfo info, ReadOnlySpan<int> axes)
        {
            var strides = new int[axes.Length]; // in the result, by stored axis
            for (int i = axes.Length - 1, stride = 1; i >= 0; stride *= info.Shape[axes[i]], i--) strides[axes[i]] = stride;
            _sizes = info.StorageOrder.Select(axis => info.Shape[axis]).ToArray();
            _steps = info.StorageOrder.Select(axis => strides[axis]).ToArray();
            _position = new int[axes.Length];
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Write(ReadOnlySpan<float> values, float[] result)
        {
            var last = _sizes.Length - 1;
            while (values.Length > 0)
            {
                var run = Math.Min(values.Length, _sizes[last] - _position[last]);
                var step = _steps[last];
                var target = _target;
                foreach (var value in values[..run])
                {
                    result[target] = value;
                    target += step;
                }
                _target = target;
                values = values[run..];
                _position[last] += run;
                for (var axis = last; axis > 0 && _position[axis] == _sizes[axis]; axis--)
                {
                    _position[axis] = 0;
                    _position[axis - 1]++;
                    _target += _steps[axis - 1] - _steps[axis] * _sizes[axis];
                }
            }
        }
    }
}

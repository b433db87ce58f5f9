using System.Buffers.Binary;

namespace NeuralStyle.Weights;

/// <summary>Turns stored numbers into float32 arrays, putting each at its place in the wanted order of axes on the way.</summary>
internal static class ElementReader
{
    private const int BufferBytes = 1 << 15;

    /// <summary>Reads a whole tensor.</summary>
    /// <param name="stream">Delivers the elements in storage order; must end with the last of them.</param>
    /// <param name="info">How it is stored.</param>
    /// <param name="axes">The stored axes in the order wanted in the result, slowest first: 3, 2, 0, 1 turns H×W×I×O into O×I×H×W.</param>
    /// <returns>All values, the last of <paramref name="axes"/> fastest.</returns>
    public static float[] Read(Stream stream, TensorInfo info, ReadOnlySpan<int> axes)
    {
        var result = new float[info.Count];
        var rank = info.Shape.Count;
        Span<int> strides = stackalloc int[rank]; // in the result, by stored axis
        for (int i = rank - 1, stride = 1; i >= 0; stride *= info.Shape[axes[i]], i--) strides[axes[i]] = stride;

        Span<int> sizes = stackalloc int[rank], steps = stackalloc int[rank], position = stackalloc int[rank];
        for (var i = 0; i < rank; i++) (sizes[i], steps[i]) = (info.Shape[info.StorageOrder[i]], strides[info.StorageOrder[i]]);
        position.Clear();

        var size = info.Type.Size();
        var buffer = new byte[(int)Math.Min(BufferBytes, Math.Max(size, info.ByteCount))];
        var target = 0;
        for (var left = info.Count; left > 0;)
        {
            var count = (int)Math.Min(left, buffer.Length / size);
            stream.ReadExactly(buffer, 0, count * size);
            for (var i = 0; i < count; i++)
            {
                result[target] = Decode(buffer.AsSpan(i * size, size), info.Type, info.BigEndian);
                for (var axis = rank - 1; axis >= 0; axis--) // count up like an odometer
                {
                    target += steps[axis];
                    if (++position[axis] < sizes[axis]) break;
                    target -= steps[axis] * sizes[axis];
                    position[axis] = 0;
                }
            }
            left -= count;
        }
        if (stream.ReadByte() >= 0) throw new WeightsFormatException("a tensor has more bytes than its shape says");
        return result;
    }

    private static float Decode(ReadOnlySpan<byte> bytes, ElementType type, bool bigEndian) => (type, bigEndian) switch
    {
        (ElementType.Float32, false) => BinaryPrimitives.ReadSingleLittleEndian(bytes),
        (ElementType.Float32, true) => BinaryPrimitives.ReadSingleBigEndian(bytes),
        (ElementType.Float16, false) => (float)BinaryPrimitives.ReadHalfLittleEndian(bytes),
        (ElementType.Float16, true) => (float)BinaryPrimitives.ReadHalfBigEndian(bytes),
        (ElementType.BFloat16, false) => BitConverter.Int32BitsToSingle(BinaryPrimitives.ReadUInt16LittleEndian(bytes) << 16),
        (ElementType.BFloat16, true) => BitConverter.Int32BitsToSingle(BinaryPrimitives.ReadUInt16BigEndian(bytes) << 16),
        (_, false) => (float)BinaryPrimitives.ReadDoubleLittleEndian(bytes),
        (_, true) => (float)BinaryPrimitives.ReadDoubleBigEndian(bytes),
    };
}

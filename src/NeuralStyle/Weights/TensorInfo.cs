namespace NeuralStyle.Weights;

/// <summary>The number formats of stored tensors.</summary>
internal enum ElementType
{
    /// <summary>Whole numbers from -128 to 127: steps of a kernel whose step sizes are stored separately.</summary>
    Int8,

    /// <summary>IEEE 754 half precision.</summary>
    Float16,

    /// <summary>The upper half of a float32.</summary>
    BFloat16,

    /// <summary>IEEE 754 single precision.</summary>
    Float32,

    /// <summary>IEEE 754 double precision.</summary>
    Float64,
}

/// <summary>How one tensor is stored.</summary>
/// <param name="Type">Number format.</param>
/// <param name="BigEndian">Byte order.</param>
/// <param name="Shape">Size of each axis.</param>
/// <param name="StorageOrder">The axes in the file from slowest to fastest: 0, 1, 2, … is C order, the reverse
/// Fortran's.</param>
internal sealed record TensorInfo(ElementType Type, bool BigEndian, IReadOnlyList<int> Shape, IReadOnlyList<int> StorageOrder)
{
    /// <summary>C order.</summary>
    public TensorInfo(ElementType type, bool bigEndian, IReadOnlyList<int> shape)
        : this(type, bigEndian, shape, Enumerable.Range(0, shape.Count).ToArray())
    {
    }

    /// <summary>Number of elements.</summary>
    public long Count => Shape.Aggregate(1L, (product, size) => checked(product * size));

    /// <summary>Number of bytes in the file, before compression.</summary>
    public long ByteCount => checked(Count * Type.Size());

    /// <summary>The shape as text: <c>3x3x64x64</c>.</summary>
    public string ShapeText => Shape.Count == 0 ? "scalar" : string.Join('x', Shape);
}

/// <summary>Sizes and names of the number formats.</summary>
internal static class ElementTypes
{
    /// <summary>Bytes per number.</summary>
    public static int Size(this ElementType type) => type switch
    {
        ElementType.Int8 => 1,
        ElementType.Float16 or ElementType.BFloat16 => 2,
        ElementType.Float32 => 4,
        _ => 8,
    };

    /// <summary>The name that users know: <c>float32</c>.</summary>
    public static string Text(this ElementType type) => type.ToString().ToLowerInvariant();
}

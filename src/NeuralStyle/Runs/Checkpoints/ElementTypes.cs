using static TorchSharp.torch;

namespace NeuralStyle.Runs.Checkpoints;

/// <summary>The element types that a checkpoint can hold, by their names in it.</summary>
internal static class ElementTypes
{
    private static readonly (string Name, ScalarType Type, int Bytes)[] s_all =
    [
        ("float32", ScalarType.Float32, 4),
        ("float64", ScalarType.Float64, 8),
        ("float16", ScalarType.Float16, 2),
        ("bfloat16", ScalarType.BFloat16, 2),
        ("int64", ScalarType.Int64, 8),
        ("int32", ScalarType.Int32, 4),
        ("int16", ScalarType.Int16, 2),
        ("int8", ScalarType.Int8, 1),
        ("uint8", ScalarType.Byte, 1),
        ("bool", ScalarType.Bool, 1),
    ];

    public static string NameOf(ScalarType type) => s_all.First(entry => entry.Type == type).Name;

    /// <summary>The type of a name and the size of its elements; null if no type has that name.</summary>
    public static (ScalarType Type, int Bytes)? Find(string name) =>
        s_all.Where(entry => entry.Name == name).Select(entry => ((ScalarType, int)?)(entry.Type, entry.Bytes)).FirstOrDefault();
}

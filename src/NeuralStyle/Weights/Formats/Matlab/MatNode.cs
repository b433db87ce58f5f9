namespace NeuralStyle.Weights.Formats.Matlab;

/// <summary>The classes of MATLAB's arrays that matter here, by their numbers in MAT files.</summary>
internal enum MatClass
{
    Cell = 1,
    Struct = 2,
    Text = 4,
    Double = 6,
    Single = 7,
}

/// <summary>An array of MATLAB; the elements of numeric ones stay in the file.</summary>
/// <param name="Class">Its class; numbers other than the named ones are possible.</param>
/// <param name="Shape">Size of each axis; the first is the fastest.</param>
internal sealed record MatNode(MatClass Class, int[] Shape)
{
    /// <summary>An element without any content.</summary>
    public static MatNode Empty { get; } = new(MatClass.Double, [0, 0]);

    /// <summary>The name of a variable.</summary>
    public string Name { get; init; } = "";

    /// <summary>The elements of a cell array.</summary>
    public IReadOnlyList<MatNode> Cells { get; init; } = [];

    /// <summary>The elements of a struct array, each by the names of its fields.</summary>
    public IReadOnlyList<IReadOnlyDictionary<string, MatNode>> Structs { get; init; } = [];

    /// <summary>A short text.</summary>
    public string? Text { get; init; }

    /// <summary>The number format of the elements in the file, where they are floating-point numbers as in memory.</summary>
    public ElementType? Type { get; init; }

    /// <summary>The source of the elements: the file, or an unpacked variable.</summary>
    public IByteSource? Source { get; init; }

    /// <summary>Where the elements begin.</summary>
    public long Offset { get; init; }

    /// <summary>Number of their bytes.</summary>
    public long Length { get; init; }

    /// <summary>A field of the first element of a struct; null when there is none.</summary>
    public MatNode? this[string field] => Structs.Count > 0 ? Structs[0].GetValueOrDefault(field) : null;
}

namespace NeuralStyle.Weights.Formats.Pickle;

/// <summary>A dictionary of Python, ordered or not; keys are strings or whole numbers.</summary>
internal sealed class PickleDictionary : Dictionary<object, object?>;

/// <summary>A tuple of Python.</summary>
internal sealed record PickleTuple(object?[] Items);

/// <summary>A Python name. It is never looked up; only a few may be called (<see cref="PickleGlobals"/>).</summary>
internal sealed record PickleGlobal(string Name);

/// <summary>An object of any class: no code of the class exists here, so it has only attributes.</summary>
internal sealed class PickleObject
{
    /// <summary>The attributes by name.</summary>
    public PickleDictionary Attributes { get; set; } = [];
}

/// <summary>Bytes that are left in the file.</summary>
/// <param name="Source">Where they are.</param>
/// <param name="Offset">The first.</param>
/// <param name="Length">How many are stored.</param>
/// <param name="IsUtf8">Whether each byte is stored as the character of its number in UTF-8: Python 3 in protocol 2.</param>
internal sealed record PickleBytes(IByteSource Source, long Offset, long Length, bool IsUtf8);

/// <summary>NumPy's number format: <c>f4</c> and its byte order.</summary>
internal sealed class PickleNumberType(string code)
{
    public string Code => code;

    public string ByteOrder { get; set; } = "=";
}

/// <summary>A NumPy array; its state arrives after it was created.</summary>
internal sealed class PickleArray
{
    public int[] Shape { get; set; } = [];

    public PickleNumberType? Type { get; set; }

    public bool IsFortran { get; set; }

    /// <summary>The elements of an array of numbers.</summary>
    public PickleBytes? Data { get; set; }

    /// <summary>The elements of an array of objects.</summary>
    public List<object?>? Items { get; set; }
}

/// <summary>Numbers stored elsewhere in the file.</summary>
/// <param name="Type">The type of number by torch's name, for instance <c>FloatStorage</c>.</param>
/// <param name="Key">Its name within the file.</param>
/// <param name="Count">Number of elements.</param>
internal sealed record TorchStorage(string Type, string Key, long Count);

/// <summary>A view of a storage.</summary>
/// <param name="Storage">Where the numbers are.</param>
/// <param name="Offset">The first element.</param>
/// <param name="Shape">Size of each axis.</param>
/// <param name="Strides">Distance between neighbours along each axis, in elements.</param>
internal sealed record TorchTensor(TorchStorage Storage, long Offset, IReadOnlyList<int> Shape, IReadOnlyList<long> Strides);

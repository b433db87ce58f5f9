namespace NeuralStyle.Weights.Formats.Pickle;

/// <summary>A dictionary of Python, ordered or not; keys are strings or whole numbers.</summary>
internal sealed class PickleDictionary : Dictionary<object, object?>;

/// <summary>A tuple of Python.</summary>
internal sealed record PickleTuple(object?[] Items);

/// <summary>One of the few names that a file may refer to.</summary>
internal sealed record PickleGlobal(string Name);

/// <summary>A stretch of numbers that lies elsewhere in the file.</summary>
/// <param name="Type">The type of number by torch's name, for instance <c>FloatStorage</c>.</param>
/// <param name="Key">Its name within the file.</param>
/// <param name="Count">Number of elements.</param>
internal sealed record TorchStorage(string Type, string Key, long Count);

/// <summary>A view of a storage.</summary>
/// <param name="Storage">Where the numbers are.</param>
/// <param name="Offset">The first element.</param>
/// <param name="Shape">Size of each axis.</param>
/// <param name="Strides">Distance of neighbours along each axis, in elements.</param>
internal sealed record TorchTensor(TorchStorage Storage, long Offset, IReadOnlyList<int> Shape, IReadOnlyList<long> Strides);

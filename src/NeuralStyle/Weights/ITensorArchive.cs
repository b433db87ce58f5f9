namespace NeuralStyle.Weights;

/// <summary>Named tensors in a file of any format. Only tensors that are opened are read.</summary>
internal interface ITensorArchive : IDisposable
{
    /// <summary>What the format is called: <c>npz</c>, <c>safetensors</c>, ….</summary>
    string Format { get; }

    /// <summary>The names of all tensors, as the file has them.</summary>
    IReadOnlyCollection<string> Names { get; }

    /// <summary>Announces the tensors that will be read, so that a source on a server can fetch them together.</summary>
    void Prefetch(IEnumerable<string> names);

    /// <summary>How a tensor is stored.</summary>
    /// <exception cref="WeightsFormatException">It is damaged or of a number format that nst does not read.</exception>
    TensorInfo Describe(string name);

    /// <summary>The elements of a tensor in storage order. Checksums, if the format has them, are verified at the end.</summary>
    Stream Open(string name);

    /// <summary>The text of nst's own entry about preprocessing (see <see cref="WeightsMetadata"/>); null when there is none.</summary>
    string? Metadata { get; }
}

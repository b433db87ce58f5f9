namespace NeuralStyle.Weights;

/// <summary>The two files of a TensorFlow checkpoint of version 2: NAME.index and NAME.data-00000-of-00001.</summary>
internal static class CheckpointFiles
{
    private const string Index = ".index", Data = ".data-00000-of-00001";

    /// <summary>Both files, when a path is either of them, or their common NAME.</summary>
    /// <returns>Null if it is neither; the second file may not exist.</returns>
    public static (string Index, string Data)? Find(string path)
    {
        var stem = path.EndsWith(Index, StringComparison.Ordinal) ? path[..^Index.Length]
            : path.EndsWith(Data, StringComparison.Ordinal) ? path[..^Data.Length]
            : File.Exists(path) ? null : path;
        return stem is not null && File.Exists(stem + Index) ? (stem + Index, stem + Data) : null;
    }
}

namespace NeuralStyle.Cli.Batch.Inputs;

/// <summary>Reads small text files of the user.</summary>
internal static class TextFile
{
    /// <summary>The whole text, as UTF-8 unless a byte order mark says otherwise.</summary>
    /// <exception cref="InvalidInputException">The file cannot be read.</exception>
    public static string Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException($"'{path}' cannot be read: {failure.Message.TrimEnd('.')}", failure);
        }
    }
}

namespace NeuralStyle.Runtime.Files;

/// <summary>What is in a folder that the user named.</summary>
internal static class FolderList
{
    /// <summary>Its entries, with a plain error if the folder does not show them.</summary>
    /// <param name="folder">The folder, as it was given.</param>
    /// <param name="list">Lists it, for instance <see cref="Directory.EnumerateFiles(string)"/>.</param>
    /// <exception cref="InvalidInputException">It cannot be listed, for instance for lack of permission.</exception>
    public static IReadOnlyList<string> Of(string folder, Func<string, IEnumerable<string>> list)
    {
        try
        {
            return list(folder).ToArray();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            var reason = failure is UnauthorizedAccessException ? "no permission" : FileFailure.ReasonOf(failure);
            throw new InvalidInputException($"the folder '{folder}' cannot be listed: {reason}; change its permissions, or name another",
                failure);
        }
    }
}

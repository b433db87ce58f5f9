namespace NeuralStyle.Runtime.Files;

/// <summary>What the system says of a file, in our lines.</summary>
internal static class FileFailure
{
    /// <summary>The reason alone: the path that .NET appends is often that of a temporary file, which nobody knows.</summary>
    public static string ReasonOf(Exception failure)
    {
        var message = failure.Message;
        var path = failure is IOException ? message.IndexOf(" : '", StringComparison.Ordinal) : -1;
        return (path > 0 ? message[..path] : message).TrimEnd('.');
    }

    /// <summary>Why a file that the user named cannot be read.</summary>
    public static string ReasonOf(Exception failure, string path) =>
        failure is UnauthorizedAccessException ? "no permission" : BrokenLink(path) ?? ReasonOf(failure);

    /// <summary>Fails if a folder on the way hides whether anything is there.</summary>
    /// <exception cref="InvalidInputException">It does.</exception>
    public static void CheckReachable(string path)
    {
        try
        {
            File.GetAttributes(path);
        }
        catch (UnauthorizedAccessException failure)
        {
            throw new InvalidInputException(
                $"'{path}' cannot be reached: no permission for its folder; change the folder's permissions, or name another file",
                failure);
        }
        catch (IOException)
        {
            // nothing is there
        }
    }

    private static string? BrokenLink(string path)
    {
        var link = new FileInfo(path);
        try
        {
            return link.LinkTarget is not { } target || link.ResolveLinkTarget(returnFinalTarget: true) is { Exists: true }
                ? null
                : $"it is a symbolic link to '{target}', which does not exist";
        }
        catch (IOException)
        {
            return "it is a symbolic link that leads back to itself";
        }
    }
}

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
}

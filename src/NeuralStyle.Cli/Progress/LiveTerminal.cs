namespace NeuralStyle.Cli.Progress;

/// <summary>Whether bars can be drawn. Elsewhere (a pipe, a file, a dumb terminal) the same facts come as lines.</summary>
internal static class LiveTerminal
{
    /// <summary>Whether a writer is a terminal that understands control sequences.</summary>
    public static bool Is(TextWriter error) => ReferenceEquals(error, Console.Error)
        && !Console.IsErrorRedirected
        && Environment.GetEnvironmentVariable("TERM") != "dumb";
}

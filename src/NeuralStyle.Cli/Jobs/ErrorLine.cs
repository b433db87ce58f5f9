namespace NeuralStyle.Cli.Jobs;

/// <summary>Everything that goes to stderr: one line, prefixed with the program's name, in the words of the command line.</summary>
internal static class ErrorLine
{
    public static void Write(TextWriter error, string message) => error.WriteLine($"nst: {OneLine(message)}");

    public static void Hint(TextWriter error, string message) => error.WriteLine($"nst: {OptionNames.In(message)}");

    private static string OneLine(string message) => OptionNames.In(message).ReplaceLineEndings(" ").Trim();
}

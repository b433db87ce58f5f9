using NeuralStyle.Runtime;

namespace NeuralStyle.Cli.Jobs;

/// <summary>
/// Lines for stderr, in terms of the command line. The prefix tells scripts whether a line is an error, a warning
/// or a note.
/// </summary>
internal static class ErrorLine
{
    /// <summary>An error.</summary>
    public static void Write(TextWriter error, string message) => error.WriteLine($"nst: error: {OneLine(message)}");

    /// <summary>A warning: something is wrong or was stopped, but the program continues if it can.</summary>
    public static void Warn(TextWriter error, string message) => error.WriteLine($"nst: warning: {OneLine(message)}");

    /// <summary>A note.</summary>
    public static void Hint(TextWriter error, string message) => error.WriteLine($"nst: note: {OneLine(message)}");

    /// <summary>The error in one line.</summary>
    /// <param name="failure">What was thrown.</param>
    /// <param name="hint">Appended to unexpected errors.</param>
    public static string Of(Exception failure, string hint = "")
    {
        var known = ComputeDevice.ExplainOutOfMemory(failure) ?? failure;
        return OneLine(known is InvalidInputException or RunFailedException
            ? known.Message
            : $"{known.GetType().Name}: {known.Message.ReplaceLineEndings(" ")}{hint}");
    }

    private static string OneLine(string message) => Printable.Of(OptionNames.In(message).Trim());
}

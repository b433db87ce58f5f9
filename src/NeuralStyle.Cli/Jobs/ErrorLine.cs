using NeuralStyle.Runtime;

namespace NeuralStyle.Cli.Jobs;

/// <summary>Everything that goes to stderr: one line, prefixed with the program's name, in the words of the command line.</summary>
internal static class ErrorLine
{
    public static void Write(TextWriter error, string message) => error.WriteLine($"nst: {OneLine(message)}");

    public static void Hint(TextWriter error, string message) => error.WriteLine($"nst: {OptionNames.In(message)}");

    /// <summary>What is wrong, in one line.</summary>
    /// <param name="failure">What was thrown.</param>
    /// <param name="hint">Follows an error that no person was expected to see.</param>
    public static string Of(Exception failure, string hint = "")
    {
        var known = ComputeDevice.ExplainOutOfMemory(failure) ?? failure;
        return OneLine(known is InvalidInputException or RunFailedException
            ? known.Message
            : $"{known.GetType().Name}: {known.Message}{hint}");
    }

    private static string OneLine(string message) => OptionNames.In(message).ReplaceLineEndings(" ").Trim();
}

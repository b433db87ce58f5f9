using System.Globalization;

namespace NeuralStyle.Benchmarks;

/// <summary>Options in and lines out, alike for all commands.</summary>
internal static class CommandLine
{
    /// <summary>The word behind an option, or what stands for it where it is not given.</summary>
    public static string Value(string[] args, string name, string otherwise) => Array.IndexOf(args, name) is >= 0 and var at && at + 1 < args.Length ? args[at + 1] : otherwise;

    /// <summary>The same for a whole number.</summary>
    public static int Whole(string[] args, string name, int otherwise) => int.Parse(Value(args, name, otherwise.ToString(CultureInfo.InvariantCulture)), CultureInfo.InvariantCulture);

    /// <summary>Writes a line with numbers in one form everywhere.</summary>
    public static void Print(FormattableString line) => Console.WriteLine(FormattableString.Invariant(line));
}

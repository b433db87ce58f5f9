using System.CommandLine;

namespace NeuralStyle.Benchmarks;

/// <summary>Options and lines of all commands.</summary>
internal static class CommandLine
{
    /// <summary>An option with one value, read by the library.</summary>
    public static Option<T> Value<T>(string name, string description, T otherwise, string? help = null) =>
        new(name) { Description = description, DefaultValueFactory = _ => otherwise, HelpName = help };

    /// <summary>A whole number above 0.</summary>
    public static Option<int> Count(string name, string description, int otherwise)
    {
        var option = Value(name, description, otherwise, "N");
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() < 1) result.AddError($"{name}: expected a whole number above 0");
        });
        return option;
    }

    /// <summary>Values with commas between them.</summary>
    /// <param name="name">With its hyphens.</param>
    /// <param name="description">For the help page.</param>
    /// <param name="read">Reads one value; throws <see cref="InvalidInputException"/> or <see cref="FormatException"/> for a wrong
    /// one.</param>
    /// <param name="otherwise">What stands for it where it is not given.</param>
    public static Option<T[]> List<T>(string name, string description, Func<string, T> read, string otherwise = "")
    {
        return new Option<T[]>(name)
        {
            Description = description,
            HelpName = "X,…",
            Arity = ArgumentArity.ExactlyOne,
            DefaultValueFactory = _ => Read(otherwise),
            CustomParser = result =>
            {
                try
                {
                    return Read(result.Tokens[0].Value);
                }
                catch (Exception failure) when (failure is InvalidInputException or FormatException)
                {
                    result.AddError($"{name}: {failure.Message}");
                    return [];
                }
            },
        };

        T[] Read(string text) =>
            text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(read).ToArray();
    }

    /// <summary>A command with its options.</summary>
    public static Command With(this Command command, params IEnumerable<Option> options)
    {
        foreach (var option in options) command.Options.Add(option);
        return command;
    }

    /// <summary>Writes a line with numbers in one form everywhere.</summary>
    public static void Print(FormattableString line) => Console.WriteLine(FormattableString.Invariant(line));
}

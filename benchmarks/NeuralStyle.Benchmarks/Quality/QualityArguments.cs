using System.Globalization;
using NeuralStyle.Settings;
using NeuralStyle.Vgg;

namespace NeuralStyle.Benchmarks.Quality;

/// <summary>Reads <c>quality [--weights FILE] [--padding NAME] [--size N] [--seconds S] [--output FOLDER] [--pair CONTENT STYLE]… [CANDIDATE…]</c>.</summary>
internal static class QualityArguments
{
    private const string Usage = """
        usage: quality [--weights FILE] [--padding NAME] [--size N] [--seconds S] [--output FOLDER] [--pair CONTENT STYLE]… [CANDIDATE…]
          --weights   a weights file; without it the built-in network
          --padding   of every candidate and of the judge
          --seconds   stops each run behind so many seconds and judges what it has; without it each runs to its end
          CANDIDATE   a preset, or LABEL={"preset":"default","contentWeight":0.03}: fields of the settings as in a picture's metadata
        """;

    public static int Run(string[] arguments)
    {
        try
        {
            var (command, pairs, names) = Parse(new Queue<string>(arguments));
            command.Run(pairs.Count == 0 ? Pair.Usual() : pairs, (names.Count == 0 ? Candidates.Usual : names).Select(Candidates.Parse).ToArray(), Console.Out);
            return 0;
        }
        catch (Exception failure) when (failure is InvalidInputException or FormatException or InvalidOperationException)
        {
            Console.Error.WriteLine($"{failure.Message}\n{Usage}");
            return 2;
        }
    }

    private static (QualityCommand Command, List<Pair> Pairs, List<string> Candidates) Parse(Queue<string> words)
    {
        var command = new QualityCommand(null, null, 512, null, "quality");
        List<Pair> pairs = [];
        List<string> names = [];
        while (words.TryDequeue(out var word))
        {
            switch (word)
            {
                case "--weights": command = command with { Weights = words.Dequeue() }; break;
                case "--padding": command = command with { Padding = ValueNames.Parse<PaddingMode>("--padding", words.Dequeue()) }; break;
                case "--size": command = command with { Size = int.Parse(words.Dequeue(), CultureInfo.InvariantCulture) }; break;
                case "--seconds": command = command with { Seconds = double.Parse(words.Dequeue(), CultureInfo.InvariantCulture) }; break;
                case "--output": command = command with { Output = words.Dequeue() }; break;
                case "--pair": pairs.Add(Pair.Of(words.Dequeue(), words.Dequeue())); break;
                case var option when option.StartsWith("--", StringComparison.Ordinal): throw new InvalidInputException($"there is no option '{option}'");
                default: names.Add(word); break;
            }
        }
        return (command, pairs, names);
    }
}

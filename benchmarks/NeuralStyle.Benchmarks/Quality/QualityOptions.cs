using System.CommandLine;
using NeuralStyle.Settings;
using NeuralStyle.Vgg;
using static NeuralStyle.Benchmarks.CommandLine;

namespace NeuralStyle.Benchmarks.Quality;

/// <summary>The command <c>quality</c> and its options.</summary>
internal static class QualityOptions
{
    public static Command Create()
    {
        var candidates = new Argument<string[]>("CANDIDATE")
        {
            Description =
                "a preset, or LABEL={\"preset\":\"default\",\"contentWeight\":0.03}: fields of the settings as in a picture's metadata",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var weights = Value<string?>("--weights", "a weights file; default: the built-in network", null, "FILE");
        var padding = Value<string?>("--padding", "of every candidate and of the judge; default: what the weights file says", null,
            string.Join('|', ValueNames.All<PaddingMode>()));
        var size = Count("--size", "long side of the pictures in pixels", 512);
        var seconds = Value<double?>("--seconds", "stop each run after so many seconds and judge what it has; default: let it end", null,
            "S");
        var output = Value("--output", "folder for the pictures and the sheet", "quality", "FOLDER");
        var pair = new Option<string[]>("--pair")
        {
            Description = "pictures to compare on, once for each pair; default: the project's own",
            HelpName = "CONTENT,STYLE",
            AllowMultipleArgumentsPerToken = false,
        };
        var command = new Command("quality", "which settings are better: scores and a contact sheet") { candidates }
            .With(weights, padding, size, seconds, output, pair);
        command.SetAction(parse =>
        {
            var mode = parse.GetValue(padding) is { } name ? ValueNames.Parse<PaddingMode>(padding.Name, name) : (PaddingMode?)null;
            var pairs = (parse.GetValue(pair) ?? []).Select(PairOf).ToArray();
            var names = parse.GetValue(candidates) is { Length: > 0 } given ? given : Candidates.Usual;
            new QualityCommand(parse.GetValue(weights), mode, parse.GetValue(size), parse.GetValue(seconds), parse.GetValue(output)!)
                .Run(pairs.Length == 0 ? Pair.Usual() : pairs, names.Select(Candidates.Parse).ToArray(), Console.Out);
        });
        return command;
    }

    private static Pair PairOf(string text) => text.Split(',') is [var content, var style]
        ? Pair.Of(content, style)
        : throw new InvalidInputException($"--pair '{text}': expected CONTENT,STYLE");
}

using System.CommandLine;
using NeuralStyle.Cli.Jobs;
using NeuralStyle.Cli.Options;

namespace NeuralStyle.Cli.Studio;

/// <summary>
/// Wishes → jobs, by way of the command line that does the same: what a page asks for is checked where options are checked, and the
/// command that it shows is the one that was parsed.
/// </summary>
/// <param name="folder">The folder.</param>
/// <param name="machine">The options about the machine that the studio was started with, as arguments.</param>
internal sealed class WishBinder(StudioFolder folder, IReadOnlyList<string> machine)
{
    private const int TrialIterations = 25, FurtherIterations = 15; // from the content, and from an earlier trial

    /// <summary>The command line of a wish.</summary>
    /// <exception cref="InvalidInputException">A value is wrong, or a picture is missing.</exception>
    public IReadOnlyList<string> Arguments(Wish wish, string output) => [.. wish.Arguments(folder), "-o", output, .. machine];

    /// <summary>A result at full size.</summary>
    /// <param name="wish">The wish.</param>
    /// <param name="output">The picture to write.</param>
    /// <param name="resume">Whether to continue an interrupted run.</param>
    /// <exception cref="InvalidInputException">A value is wrong, or a picture is missing.</exception>
    public StyleJob Bind(Wish wish, string output, bool resume)
    {
        var job = Bind([.. Arguments(wish, output), .. resume ? (ReadOnlySpan<string>)["--resume"] : []]);
        return job with { Checkpoint = job.Checkpoint! with { Every = TimeSpan.FromSeconds(30) } };
    }

    /// <summary>A small picture in seconds: one scale, few iterations.</summary>
    /// <param name="wish">The wish.</param>
    /// <param name="size">The long side in pixels.</param>
    /// <param name="output">The picture to write.</param>
    /// <param name="start">An earlier trial to continue from; null starts from the content.</param>
    /// <exception cref="InvalidInputException">A value is wrong, or a picture is missing.</exception>
    public StyleJob BindTrial(Wish wish, int size, string output, string? start)
    {
        var iterations = start is null ? TrialIterations : FurtherIterations;
        return Bind(
        [
            .. Arguments(wish with { Size = size, Iterations = null }, output), "--no-checkpoint", "--no-metadata",
            "--min-size", $"{size}", "--first-iterations", $"{iterations}", .. start is null ? (ReadOnlySpan<string>)[] : ["--init", start],
        ]);
    }

    private static StyleJob Bind(string[] arguments)
    {
        var options = new JobOptions();
        var content = new Argument<string>("CONTENT");
        var styles = new Argument<string[]>("STYLE") { Arity = ArgumentArity.OneOrMore };
        var command = new Command("nst") { content, styles };
        options.AddTo(command);
        LastWins.ApplyTo(command);
        var parse = command.Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parse.Errors.Count > 0) throw new InvalidInputException(ParseErrors.Of(parse));
        var source = new JobSource(parse.GetValue(content)!, parse.GetValue(styles)!, parse.GetValue(options.Output.Output)!,
            OptionTexts.Of(parse));
        return new JobBinder(options).Bind(parse, source);
    }
}

using System.CommandLine;
using NeuralStyle.Cli.Films;
using NeuralStyle.Cli.Jobs;
using NeuralStyle.Cli.Options;

namespace NeuralStyle.Cli.Commands;

/// <summary><c>nst video FILM STYLE… -o OUT</c>: a film in the style of pictures.</summary>
internal static class VideoCommand
{
    private const string Expected = "expected: nst video FILM STYLE -o OUT.mp4";

    public static Command Create()
    {
        var film = new Argument<string?>("FILM")
        {
            Description = "film to paint, or a folder or a pattern in quotes of its frames",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var styles = new Argument<string[]>("STYLE")
        {
            Description = "one or more pictures that give the style",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var (own, options) = (new FilmOptions(), new JobOptions());
        var command = new Command("video", "paint a film, each frame from the one before it, so that it does not flicker") { film, styles };
        own.AddTo(command);
        foreach (var option in (Option[])[options.Output.NoClobber, options.Output.Log, options.Output.Report]) command.Options.Add(option);
        options.Style.AddTo(command);
        foreach (var option in options.Control.Pictures) command.Options.Add(option);
        options.Run.AddTo(command);
        options.Preview.AddTo(command);
        command.SetAction(parse => Run(parse, own, options, parse.GetValue(film), parse.GetValue(styles) ?? []));
        return command;
    }

    private static int Run(ParseResult parse, FilmOptions own, JobOptions options, string? film, string[] styles)
    {
        UnknownOptions.Refuse(parse, [.. styles, film ?? ""]);
        if (film is null) throw new InvalidInputException($"no film; {Expected}");
        if (styles.Length == 0) throw new InvalidInputException($"no style picture; {Expected}");
        var output = parse.GetValue(own.Output) ?? throw new InvalidInputException($"no output; {Expected}");
        foreach (var name in styles.Prepend(film).Append(output))
        {
            if (name == StandardPictures.Name)
                throw new InvalidInputException("nst video reads and writes files, but - was given; name files");
        }
        // the first style stands for the frames, which are not known yet
        var look = new JobBinder(options).Bind(parse, new JobSource(styles[0], styles, output, OptionTexts.Of(parse)));
        return FilmRunner.Run(own.Bind(parse, film, output, look), parse.InvocationConfiguration.Error);
    }
}

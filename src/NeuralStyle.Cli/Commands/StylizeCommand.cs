using System.CommandLine;
using System.CommandLine.Help;
using NeuralStyle.Cli.Jobs;
using NeuralStyle.Cli.Options;
using NeuralStyle.Cli.Running;
using NeuralStyle.Settings;

namespace NeuralStyle.Cli.Commands;

/// <summary><c>nst CONTENT STYLE… -o OUT</c>: the main job, on the root command itself.</summary>
internal static class StylizeCommand
{
    private const string Expected = "expected: nst CONTENT STYLE [-o OUT]";

    public static void AttachTo(RootCommand root)
    {
        var content = new Argument<string?>("CONTENT") { Description = "picture to paint", Arity = ArgumentArity.ZeroOrOne };
        var styles = new Argument<string[]>("STYLE") { Description = "one or more pictures that give the style",
            Arity = ArgumentArity.ZeroOrMore };
        var options = new JobOptions();
        root.Arguments.Add(content);
        root.Arguments.Add(styles);
        options.AddTo(root);

        var help = new HelpPageAction(root, options.Style,
        [
            (OptionGroup.Output, options.Output.Table),
            (OptionGroup.Style, [options.Style.Preset]),
            (OptionGroup.Control, options.Control.Table),
            (OptionGroup.Run, [.. options.Run.Table, .. options.Checkpoint.Table, .. options.Preview.Table]),
        ]);
        foreach (var option in root.Options.OfType<HelpOption>()) option.Action = help;

        root.SetAction(parse =>
        {
            if (parse.Tokens.Count == 0)
            {
                help.WriteShort(parse.InvocationConfiguration.Output);
                return ExitCodes.BadInput;
            }
            RefuseMisspelling(root, parse.GetValue(content));
            var source = Source(parse, options, parse.GetValue(content), parse.GetValue(styles) ?? []);
            return JobRunner.Run(new JobBinder(options)
                .Bind(parse, source), parse.InvocationConfiguration.Output, parse.InvocationConfiguration.Error);
        });
    }

    /// <summary>A misspelt command would be taken for the content.</summary>
    private static void RefuseMisspelling(RootCommand root, string? content)
    {
        if (content is null || Path.Exists(content)) return;
        var commands = root.Subcommands.Where(command => !command.Hidden).Select(command => command.Name);
        if (ValueNames.Nearest(content, [.. commands, "help", "version"]) is { } near)
            throw new InvalidInputException($"'{content}' is neither a picture nor a command; "
                + (near is "help" or "version" ? $"type nst --{near}" : $"did you mean 'nst {near}'? see 'nst --help'"));
    }

    private static JobSource Source(ParseResult parse, JobOptions options, string? content, string[] styles)
    {
        UnknownOptions.Refuse(parse, [.. styles, content ?? ""]);
        var (asked, resume) = (parse.GetValue(options.Output.Output), parse.GetValue(options.Checkpoint.Resume));
        string Output(string? content, IReadOnlyList<string> styles) =>
            asked ?? OutputNames.Beside(content, styles, options.Output.ExtensionOf(parse), resume);
        var (control, texts, tileable) = (options.Control, OptionTexts.Of(parse), parse.GetValue(options.Control.Tileable));
        if (parse.GetValue(control.Texture) is { } style)
        {
            if (content is not null)
                throw new InvalidInputException(
                    $"--texture takes no content and no further style, but '{content}' was given; leave one of them out");
            return new JobSource(style, [style], Output(null, [style]),
                OptionTexts.Of(new TextureOptions(options).Of(texts, tileable)).Or(texts)) { OutputIsChosen = asked is null };
        }
        if (tileable) throw TextureOptions.LoneTileable("--texture STYLE");
        if (content is null) throw new InvalidInputException($"no content picture; {Expected}");
        if (styles.Length == 0) throw new InvalidInputException($"no style picture; {Expected}");
        if (styles.FirstOrDefault(name => name.StartsWith('-') && name.Length > 1 && !File.Exists(name)) is { } late)
            throw new InvalidInputException(
                $"'{late}' comes after -- and so is taken for the name of a picture, which does not exist; options come before --");
        options.Preview.RefusePort(parse, [content, .. styles]);
        if (styles.Prepend(content).FirstOrDefault(Directory.Exists) is { } folder)
            throw new InvalidInputException(
                $"'{folder}' is a folder; expected a picture; many pictures: nst batch CONTENTS STYLES -o FOLDER");
        if (styles.Prepend(content).FirstOrDefault(name => !File.Exists(name) && name.AsSpan().IndexOfAny('*', '?') >= 0) is { } pattern)
            throw new InvalidInputException(
                $"'{pattern}' does not exist; expected one picture; patterns: nst batch '*.jpg' STYLES -o FOLDER");
        var masks = options.Control.MasksOf(texts) ?? [];
        StandardPictures.RefuseSeveral([content, .. styles, .. masks.OfType<string>(), texts[control.ContentMask] ?? "",
            texts[control.Protect] ?? "", texts[options.Style.Init.Option] ?? ""]);
        return new JobSource(content, styles, Output(content, styles), texts) { OutputIsChosen = asked is null };
    }
}

using System.CommandLine;
using NeuralStyle.Cli.Jobs;
using NeuralStyle.Cli.Options;
using NeuralStyle.Cli.Running;
using NeuralStyle.Settings;

namespace NeuralStyle.Cli.Commands;

/// <summary><c>nst CONTENT STYLE… -o OUT</c>: the main job, on the root command itself.</summary>
internal static class StylizeCommand
{
    public static void AttachTo(RootCommand root)
    {
        var content = new Argument<string?>("CONTENT") { Description = "the picture to paint", Arity = ArgumentArity.ZeroOrOne };
        var styles = new Argument<string[]>("STYLE") { Description = "one or more pictures to paint like", Arity = ArgumentArity.ZeroOrMore };
        var output = new OutputOptions();
        var style = new StyleOptions();
        var control = new ControlOptions();
        var checkpoint = new CheckpointOptions();
        var run = new RunOptions();
        var preview = new PreviewOptions();
        root.Arguments.Add(content);
        root.Arguments.Add(styles);
        output.AddTo(root);
        style.AddTo(root);
        control.AddTo(root);
        checkpoint.AddTo(root);
        run.AddTo(root);
        preview.AddTo(root);

        var help = new HelpPageAction(root, style, [(OptionGroup.Output, output.Table), (OptionGroup.Style, [style.Preset]), (OptionGroup.Control, control.Table), (OptionGroup.Run, [.. run.Table, .. checkpoint.Table, .. preview.Table])], new System.CommandLine.Help.HelpAction());
        foreach (var option in root.Options.OfType<System.CommandLine.Help.HelpOption>()) option.Action = help;

        root.SetAction(parse =>
        {
            if (parse.Tokens.Count == 0)
            {
                help.Write(parse.InvocationConfiguration.Output);
                return ExitCodes.BadInput;
            }
            RefuseUnknownOptions(root, [.. parse.GetValue(styles) ?? [], parse.GetValue(content) ?? ""]);
            var file = parse.GetValue(output.Output) ?? throw new InvalidInputException("no output; expected -o FILE, for instance -o out.png");
            var texture = TextureRequest.From(parse, control, parse.GetValue(content));
            var job = new StyleJob
            {
                Content = texture?.Style ?? parse.GetValue(content) ?? throw new InvalidInputException("no content picture; expected: nst CONTENT STYLE -o OUT"),
                Styles = texture is not null ? [texture.Style] : parse.GetValue(styles) is { Length: > 0 } given ? given : throw new InvalidInputException("no style picture; expected: nst CONTENT STYLE -o OUT"),
                StyleWeights = control.WeightsOf(parse),
                ContentMask = parse.GetValue(control.ContentMask),
                StyleMasks = control.MasksOf(parse),
                Protect = parse.GetValue(control.Protect),
                Output = file,
                Settings = texture is null ? style.Bind(parse) : texture.Bind(parse, style),
                BitDepth = Values.InRange("--bit-depth", parse.GetValue(output.BitDepth)!, 8, 16),
                Quality = Values.InRange("--quality", parse.GetValue(output.Quality)!, 1, 100),
                Metadata = !parse.GetValue(output.NoMetadata),
                SaveEvery = parse.GetValue(output.SaveEvery) is { } every ? Values.InRange("--save-every", every, 1, int.MaxValue) : null,
                Log = parse.GetValue(output.Log),
                Report = parse.GetValue(output.Report),
                Show = output.ShowOf(parse),
                Preview = preview.Of(parse),
                CommandLine = CommandText.Of(parse),
                Checkpoint = checkpoint.Bind(parse, file),
                Weights = parse.GetValue(run.Weights),
                WeightsOverrides = run.Overrides(parse),
                Device = parse.GetValue(run.Device)!,
                Cuda = run.CudaOf(parse),
                Threads = run.ThreadCount(parse),
                Memory = run.MemoryOf(parse),
                Quiet = parse.GetValue(run.Quiet),
                Verbose = parse.GetValue(run.Verbose),
            };
            return JobRunner.Run(job, parse.InvocationConfiguration.Output, parse.InvocationConfiguration.Error);
        });
    }

    /// <summary>A misspelt option would otherwise be taken for a picture.</summary>
    private static void RefuseUnknownOptions(Command root, IReadOnlyList<string> pictures)
    {
        if (pictures.FirstOrDefault(picture => picture.StartsWith('-')) is { } unknown)
            throw ValueNames.Unknown("option", unknown, root.Options.SelectMany(option => option.Aliases.Append(option.Name)).Where(name => name.StartsWith("--", StringComparison.Ordinal)).Order().ToArray());
    }
}

using System.CommandLine;
using NeuralStyle.Cli.Jobs;
using NeuralStyle.Cli.Options;
using NeuralStyle.Cli.Running;
using NeuralStyle.Imaging;
using NeuralStyle.Runs;

namespace NeuralStyle.Cli.Commands;

/// <summary><c>nst rerun PICTURE</c>: makes a picture again from the settings that it carries, with any of them changed.</summary>
internal static class RerunCommand
{
    public const string Name = "rerun";

    public static Command Create()
    {
        var picture = new Argument<string>("PICTURE") { Description = "a picture that nst made" };
        var changed = new Option<bool>("--changed-inputs") { Description = "go on where an input or the weights are no longer the same" };
        var output = new OutputOptions();
        var style = new StyleOptions();
        var control = new ControlOptions();
        var checkpoint = new CheckpointOptions();
        var run = new RunOptions();
        var preview = new PreviewOptions();
        var command = new Command(Name, "make a picture again from the settings that it carries; options given here override them") { picture, changed };
        output.AddTo(command);
        style.AddTo(command);
        foreach (var option in control.OfRerun) command.Options.Add(option);
        checkpoint.AddTo(command);
        run.AddTo(command);
        preview.AddTo(command);
        command.SetAction(parse =>
        {
            var path = parse.GetValue(picture)!;
            var record = Read(path);
            var file = parse.GetValue(output.Output) ?? DefaultOutput(path);
            var inputs = new RecordedInputs(path, record, mayDiffer: parse.GetValue(changed));
            var job = new StyleJob
            {
                Content = inputs.Find(record.Content ?? throw new InvalidInputException($"'{path}' does not say what its content was; run nst with the pictures by name")),
                Styles = record.Styles.Select(inputs.Find).ToArray(),
                StyleWeights = control.WeightsOf(parse) ?? record.StyleWeights,
                ContentMask = control.Or(parse, control.ContentMask, () => inputs.FindOptional(record.ContentMask)),
                StyleMasks = control.MasksOf(parse) is { } masks ? masks.All(mask => mask is null) ? null : masks : record.StyleMasks?.Select(inputs.FindOptional).ToArray(),
                Protect = control.Or(parse, control.Protect, () => inputs.FindOptional(record.Protect)),
                Output = file,
                Settings = style.Bind(parse, inputs.WithStart(style.Given(parse, "--style-scale") ? record.Settings with { StyleSize = null } : record.Settings)),
                BitDepth = Given(parse, output.BitDepth) ? Values.InRange("--bit-depth", parse.GetValue(output.BitDepth)!, 8, 16) : record.BitDepth,
                Quality = Given(parse, output.Quality) ? Values.InRange("--quality", parse.GetValue(output.Quality)!, 1, 100) : record.Quality,
                Metadata = !parse.GetValue(output.NoMetadata),
                SaveEvery = parse.GetValue(output.SaveEvery) is { } every ? Values.InRange("--save-every", every, 1, int.MaxValue) : null,
                Log = parse.GetValue(output.Log),
                Report = parse.GetValue(output.Report),
                Show = output.ShowOf(parse),
                Preview = preview.Of(parse),
                CommandLine = CommandText.Of(parse),
                Checkpoint = checkpoint.Bind(parse, file),
                Weights = parse.GetValue(run.Weights) ?? inputs.FindWeights(),
                WeightsOverrides = run.Overrides(parse, record.Preprocessing),
                Device = parse.GetValue(run.Device)!,
                Cuda = run.CudaOf(parse),
                Threads = run.ThreadCount(parse),
                Memory = run.MemoryOf(parse),
                Quiet = parse.GetValue(run.Quiet),
                Verbose = parse.GetValue(run.Verbose),
            };
            return JobRunner.Run(job, parse.InvocationConfiguration.Output, parse.InvocationConfiguration.Error);
        });
        return command;
    }

    private static RunRecord Read(string path)
    {
        using (Picture.Load(path)) // says what is wrong with the file
        {
            var json = PictureMetadata.TryRead(path)
                ?? throw new InvalidInputException($"'{path}' does not say how it was made: it is not by nst, was written with --no-metadata, or another program removed it");
            return RunRecord.FromJson(json);
        }
    }

    private static bool Given(ParseResult parse, Option option) => parse.GetResult(option) is { Implicit: false };

    private static string DefaultOutput(string path)
    {
        var output = Path.Combine(Path.GetDirectoryName(path) ?? "", $"{Path.GetFileNameWithoutExtension(path)}-rerun{Path.GetExtension(path)}");
        return File.Exists(output) ? throw new InvalidInputException($"'{output}' is already there; say by -o where to write") : output;
    }
}

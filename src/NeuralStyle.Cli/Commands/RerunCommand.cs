using System.CommandLine;
using NeuralStyle.Cli.Jobs;
using NeuralStyle.Cli.Options;
using NeuralStyle.Cli.Running;
using NeuralStyle.Imaging;
using NeuralStyle.Runs;

namespace NeuralStyle.Cli.Commands;

/// <summary><c>nst rerun PICTURE</c>: makes a picture again from its recorded settings, with optional changes.</summary>
internal static class RerunCommand
{
    public const string Name = "rerun";

    public static Command Create()
    {
        var picture = new Argument<string>("PICTURE") { Description = "a picture that nst made" };
        var changed = new Option<bool>("--changed-inputs") { Description = "continue even if an input or the weights have changed" };
        var options = new JobOptions();
        var command = new Command(Name,
            "make a picture again from the settings recorded in it; options override them") { picture, changed };
        options.AddTo(command, textures: false); // a texture's record has its settings
        command.SetAction(parse =>
        {
            var path = parse.GetValue(picture)!;
            var record = Read(path);
            var asked = parse.GetValue(options.Output.Output);
            var extension = parse.GetValue(options.Output.Format) is null ? null : options.Output.ExtensionOf(parse);
            var output = asked ?? OutputNames.Rerun(path, extension, parse.GetValue(options.Checkpoint.Resume));
            var recorded = new RecordedJob(options, path, record, new RecordedInputs(path, record, mayDiffer: parse.GetValue(changed)));
            var source = recorded.Source(OptionTexts.Of(parse), output) with { OutputIsChosen = asked is null, Earlier = path };
            var job = new JobBinder(options).Bind(parse, source);
            return JobRunner.Run(job, parse.InvocationConfiguration.Output, parse.InvocationConfiguration.Error);
        });
        return command;
    }

    private static RunRecord Read(string path)
    {
        using (Picture.Load(path)) // reports faults of the file
        {
            var json = PictureMetadata.TryRead(path) ?? throw new InvalidInputException(
                $"'{path}' does not say how it was made: nst did not make it, --no-metadata was given, or another program "
                + "removed the record");
            return RunRecord.FromJson(json);
        }
    }
}

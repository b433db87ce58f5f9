using System.CommandLine;
using NeuralStyle.Cli.Jobs;
using NeuralStyle.Settings;
using NeuralStyle.Vgg;

namespace NeuralStyle.Cli.Options;

/// <summary>The pictures and options of a job.</summary>
/// <param name="Content">The content picture.</param>
/// <param name="Styles">The style pictures.</param>
/// <param name="Output">The picture to write.</param>
/// <param name="Texts">The options that were given.</param>
/// <param name="Start">The settings that options are applied to; null for the default preset.</param>
/// <param name="Padding">The padding to assume for the weights file; null for the one in the file.</param>
internal sealed record JobSource(string Content, IReadOnlyList<string> Styles, string Output, OptionTexts Texts,
    StyleSettings? Start = null, PaddingMode? Padding = null)
{
    /// <summary>Whether the program chose the output's name.</summary>
    public bool OutputIsChosen { get; init; }

    /// <summary>Where the weights come from, for people.</summary>
    public string WeightsOrigin { get; init; } = "--weights";

    /// <summary>A further picture that is read; null for none.</summary>
    public string? Earlier { get; init; }
}

/// <summary>Options → job, for <c>nst</c>, <c>nst rerun</c> and <c>nst batch</c>: the only place where a job is put together.</summary>
internal sealed class JobBinder(JobOptions options)
{
    private readonly SettingsBinder _settings = new(options.Style);

    /// <summary>The job.</summary>
    /// <param name="parse">The command line, for options that do not affect the picture.</param>
    /// <param name="source">The job's pictures and options.</param>
    /// <exception cref="InvalidInputException">A value is wrong, or options contradict each other.</exception>
    public StyleJob Bind(ParseResult parse, JobSource source)
    {
        var (control, output, run, texts) = (options.Control, options.Output, options.Run, source.Texts);
        var job = new StyleJob
        {
            Content = source.Content,
            Styles = source.Styles,
            StyleWeights = control.WeightsOf(texts),
            ContentMask = ControlOptions.FileOf(texts, control.ContentMask),
            StyleMasks = control.MasksOf(texts),
            Protect = ControlOptions.FileOf(texts, control.Protect),
            Output = source.Output,
            OutputIsChosen = source.OutputIsChosen,
            AskedFormat = output.FormatOf(parse, source.Output),
            NoClobber = parse.GetValue(output.NoClobber),
            // what is there is replaced, or is the picture of an interrupted run, which this one completes
            MustBeNew = (parse.GetValue(output.NoClobber) || source.OutputIsChosen) && !File.Exists(source.Output),
            OtherInputs = OthersOf(parse, source),
            Settings = _settings.Bind(texts, source.Start),
            Encoding = output.EncodingOf(texts),
            Metadata = !parse.GetValue(output.NoMetadata),
            SaveEvery = output.SaveEveryOf(parse),
            Log = parse.GetValue(output.Log),
            Report = parse.GetValue(output.Report),
            Show = output.ShowOf(parse),
            Preview = options.Preview.Of(parse),
            CommandLine = CommandText.Of(parse),
            Checkpoint = options.Checkpoint.Bind(parse, source.Output),
            Weights = texts[run.Weights],
            WeightsOrigin = source.WeightsOrigin,
            WeightsOverrides = run.Overrides(texts) with { Padding = source.Padding },
            Device = run.DeviceOf(parse),
            Compute = run.ComputeOf(parse),
            Threads = run.ThreadCount(parse),
            Memory = run.MemoryOf(parse),
            Quiet = parse.GetValue(run.Quiet),
            Verbose = parse.GetValue(run.Verbose),
        };
        job.CheckNumbers();
        return job;
    }

    private static (string What, string Path)[] OthersOf(ParseResult parse, JobSource source) =>
    [
        .. ResponseFiles.Of(parse).Select(file => ("the response file", file)),
        .. source.Earlier is { } picture ? (ReadOnlySpan<(string, string)>)[("the picture to make again", picture)] : [],
    ];
}

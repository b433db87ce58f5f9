using NeuralStyle.Cli.Batch.Inputs;
using NeuralStyle.Cli.Jobs;
using NeuralStyle.Cli.Pages;
using NeuralStyle.Imaging;
using NeuralStyle.Runtime.Files;
using NeuralStyle.Settings;
using NeuralStyle.Weights;

namespace NeuralStyle.Cli.Films;

/// <summary>Checks that are possible before anything is loaded.</summary>
internal static class FilmChecks
{
    /// <summary>Fails if the command cannot work or would lose something.</summary>
    /// <exception cref="InvalidInputException">The command line or the files are wrong.</exception>
    /// <exception cref="RunFailedException">ffmpeg is needed and missing.</exception>
    public static void Check(FilmJob job, TextWriter notes)
    {
        if (job.MakesFilm)
        {
            if (Directory.Exists(job.Output)) throw new InvalidInputException($"'{job.Output}' is a folder; expected the name of a film");
            AtomicFile.CheckFolder(job.Output);
        }
        else
        {
            if (Path.HasExtension(job.Output) && !Directory.Exists(job.Output) && !Path.EndsInDirectorySeparator(job.Output))
                throw new InvalidInputException($"cannot write '{job.Output}': expected a film ({FilmFormat.Names}), "
                    + "or a folder for frames, for instance frames/");
            if (File.Exists(job.Output))
                throw new InvalidInputException($"'{job.Output}' is a file; expected a folder for frames, or a film ({FilmFormat.Names})");
        }
        if (job.Look.Report is { } report) ReportPath.Check(report);
        var files = new FileUses()
            .Reads("the weights", new WeightsLocator().Locate(job.Look.Weights, "--weights").Path)
            .Reads("the film", IsPattern(job.Source) ? null : job.Source)
            .Writes("--output", job.MakesFilm ? job.Output : null)
            .Writes("--report", job.Look.Report)
            .Appends("--log", job.Look.Log);
        foreach (var (what, path) in job.Look.NamedInputs.Concat(job.Look.OtherInputs)) files.Reads(what, path);
        files.Check();
        if (job.MakesFilm) EarlierResult.Meet(job.Output, job.Look.NoClobber, notes);
        EarlierResult.Meet(job.Look.Report, job.Look.NoClobber, notes);
        if (HasFilm(job.Source)) FilmInfo.CheckThere(job.Source);
        else if (!job.MakesFilm) return;
        Ffmpeg.Require();
        if (FilmFormat.Of(job.Output) is { } format && !Ffmpeg.HasEncoder(format.Encoder))
            throw new RunFailedException($"this ffmpeg has no encoder {format.Encoder}, which '{job.Output}' needs; "
                + "install a full ffmpeg, or write a folder of frames");
    }

    /// <summary>Opens the film or the pictures.</summary>
    public static IFrameSource Open(FilmJob job, Action<string> tell) => HasFilm(job.Source)
        ? new FilmSource(FilmInfo.Of(job.Source), job.Part)
        : new PictureFrames(job.Source, job.FrameFolder, job.Part, tell);

    /// <summary>The size of the result: even sides for a film, as its encoding has them.</summary>
    public static PixelSize SizeOf(FilmJob job, IFrameSource source, Action<string> tell)
    {
        var wanted = source.Size.WithLongSide(job.Look.Settings.Size);
        var size = job.MakesFilm ? new PixelSize(Even(wanted.Width), Even(wanted.Height)) : wanted;
        if (size.ShortSide < Picture.SmallestSide || size.LongSide < SettingsLimits.SmallestSize)
            throw new InvalidInputException($"'{source.Name}' would have {size} pixels; expected at least "
                + $"{Picture.SmallestSide} on each side; choose a larger --size");
        if (size.LongSide != wanted.LongSide) tell($"the film has {size} pixels instead of {wanted}: the sides of a film are even");
        return size;
    }

    private static int Even(int side) => (side + 1) / 2 * 2;

    private static bool IsPattern(string source) => !Path.Exists(source) && PathPattern.IsPattern(source);

    private static bool HasFilm(string source) => !Directory.Exists(source) && !IsPattern(source)
        && (!InputList.IsPicture(source) || Path.GetExtension(source).Equals(".gif", StringComparison.OrdinalIgnoreCase));
}

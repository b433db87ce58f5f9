using NeuralStyle.Film;
using NeuralStyle.Imaging;

namespace NeuralStyle.Cli.Films;

/// <summary>
/// Goes once through a film before it is painted: counts the frames, and finds where scenes begin. So several processes can share the
/// scenes, and the time left is known.
/// </summary>
internal static class FilmScan
{
    /// <summary>The plan of a film.</summary>
    /// <param name="job">The film.</param>
    /// <param name="source">Its frames.</param>
    /// <param name="size">The size at which scenes are looked for, and painted.</param>
    /// <param name="warn">Told where the film is damaged.</param>
    /// <param name="progress">Told of each frame.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="OperationCanceledException">Asked for.</exception>
    public static FilmPlan Of(FilmJob job, IFrameSource source, PixelSize size, Action<string> warn, Action<int> progress,
        CancellationToken cancellation)
    {
        if (!job.Cuts.Found && source is PictureFrames pictures) return With(pictures.Files.Count, job.Cuts.Frames);
        List<int> firsts = [];
        float[]? before = null;
        var number = 0;
        foreach (var planes in source.Read(size, warn, cancellation))
        {
            cancellation.ThrowIfCancellationRequested();
            progress(++number);
            if (job.Cuts.Found && before is not null && SceneCut.IsBetween(before, planes, size.Width, size.Height)) firsts.Add(number);
            before = planes;
        }
        return With(number, job.Cuts.Found ? firsts : job.Cuts.Frames);
    }

    private static FilmPlan With(int frames, IEnumerable<int> cuts) =>
        new(frames, cuts.Append(1).Where(first => first <= frames).Distinct().Order().ToArray());
}

using NeuralStyle.Imaging;
using NeuralStyle.Runs;
using NeuralStyle.Vgg;

namespace NeuralStyle.Cli.Jobs;

/// <summary>The pictures of one job, opened: their headers are read, their pixels are not.</summary>
internal sealed class JobInputs : IDisposable
{
    private readonly Pictures? _owned; // the styles, unless they are shared with other jobs
    private readonly Picture? _start, _contentMask, _protect;
    private readonly IReadOnlyList<Picture?>? _styleMasks;
    private readonly IReadOnlyList<SharedPicture> _styles;
    private readonly IReadOnlyList<double>? _styleWeights;

    /// <param name="job">Names the files.</param>
    /// <param name="shared">Opens the styles for several jobs; null opens them for this one.</param>
    public JobInputs(StyleJob job, SharedPictures? shared = null)
    {
        Content = Picture.Load(job.Content);
        _owned = shared is null ? new Pictures(job.Styles) : null;
        _styles = _owned?.Select(style => new SharedPicture(style, style.AsSource())).ToArray()
            ?? job.Styles.Select(shared!.Open).ToArray();
        _start = LoadOptional(job.Settings.Start.Path);
        _contentMask = LoadOptional(job.ContentMask);
        _styleMasks = job.StyleMasks?.Select(LoadOptional).ToArray();
        _protect = LoadOptional(job.Protect);
        _styleWeights = job.StyleWeights;
    }

    public Picture Content { get; }

    /// <summary>What the library takes.</summary>
    public StyleInputs ToStyleInputs() => new(Content.AsSource(), _styles.Select(style => style.Source).ToArray(), _styleWeights,
        _start?.AsSource(), _contentMask?.AsSource(), _styleMasks?.Select(mask => mask?.AsSource()).ToArray(), _protect?.AsSource());

    /// <summary>How the picture of this job is made.</summary>
    public RunRecord Record(StyleJob job, VggWeights weights) => new()
    {
        Content = new InputFile(job.Content, Content.Sha256),
        Styles = _styles.Zip(job.Styles, (style, path) => new InputFile(path, style.Picture.Sha256)).ToArray(),
        StyleWeights = job.StyleWeights,
        Start = FileOf(_start),
        ContentMask = FileOf(_contentMask),
        StyleMasks = _styleMasks?.Select(FileOf).ToArray(),
        Protect = FileOf(_protect),
        Weights = new InputFile(weights.Name, weights.Sha256),
        Preprocessing = PreprocessingNames.NameOf(weights.Preprocessing),
        Padding = job.Settings.NetworkFor(weights).Padding,
        Settings = job.Settings,
        Encoding = job.Encoding,
    };

    /// <summary>Every picture with what it is for.</summary>
    public IEnumerable<(string What, Picture Picture)> Named()
    {
        yield return ("content", Content);
        foreach (var (index, style) in _styles.Index()) yield return (Numbered("style", index), style.Picture);
        if (_contentMask is not null) yield return ("content mask", _contentMask);
        foreach (var (index, mask) in (_styleMasks ?? []).Index())
        {
            if (mask is not null) yield return (Numbered("style mask", index), mask);
        }
        if (_protect is not null) yield return ("protect", _protect);
        if (_start is not null) yield return ("start", _start);

        string Numbered(string what, int index) => _styles.Count == 1 ? what : $"{what} {index + 1}";
    }

    public void Dispose()
    {
        Content.Dispose();
        _owned?.Dispose();
        foreach (var picture in (Picture?[])[_start, _contentMask, .. _styleMasks ?? [], _protect]) picture?.Dispose();
    }

    private static Picture? LoadOptional(string? path) => path is null ? null : Picture.Load(path);

    private static InputFile? FileOf(Picture? picture) => picture is null ? null : new InputFile(picture.Path, picture.Sha256);
}

using NeuralStyle.Imaging;
using NeuralStyle.Runs;
using NeuralStyle.Vgg;

namespace NeuralStyle.Cli.Jobs;

/// <summary>The opened pictures of one job: headers are read, pixels are not.</summary>
internal sealed class JobInputs : IDisposable
{
    private readonly Dictionary<string, Picture> _open = []; // a pipe can be read only once, however often it is named
    private readonly PictureReading _reading;
    private readonly Picture? _start, _contentMask, _protect;
    private readonly IReadOnlyList<Picture?>? _styleMasks;
    private readonly IReadOnlyList<SharedPicture> _styles;
    private readonly IReadOnlyList<double>? _styleWeights;

    /// <param name="job">Names the files.</param>
    /// <param name="shared">Opens the styles for several jobs; null opens them for this one.</param>
    /// <param name="cancellation">Ends the opening, for instance the wait for a FIFO that nobody writes to.</param>
    /// <exception cref="OperationCanceledException">Asked for.</exception>
    public JobInputs(StyleJob job, SharedPictures? shared = null, CancellationToken cancellation = default)
    {
        _reading = new PictureReading { Cancellation = cancellation };
        Content = Open(job.Content);
        _styles = job.Styles.Select(shared is null ? (Func<string, SharedPicture>)Alone : shared.Open).ToArray();
        _start = OpenOptional(job.Settings.Start.Path);
        _contentMask = OpenOptional(job.ContentMask);
        _styleMasks = job.StyleMasks?.Select(OpenOptional).ToArray();
        _protect = OpenOptional(job.Protect);
        _styleWeights = job.StyleWeights;
    }

    public Picture Content { get; }

    /// <summary>A picture of the job by its name.</summary>
    public Picture Open(string path)
    {
        lock (_open) return _open.TryGetValue(path, out var known) ? known : _open[path] = StandardPictures.Open(path, _reading);
    }

    /// <summary>What the library takes.</summary>
    public StyleInputs ToStyleInputs() => new(Content.AsSource(), _styles.Select(style => style.Source).ToArray(), _styleWeights,
        _start?.AsSource(), _contentMask?.AsSource(), _styleMasks?.Select(mask => mask?.AsSource()).ToArray(), _protect?.AsSource());

    /// <summary>The record of the picture of this job.</summary>
    public RunRecord Record(StyleJob job, VggWeights weights) => new()
    {
        Content = FileOf(Content),
        Styles = _styles.Select(style => FileOf(style.Picture)!).ToArray(),
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

    /// <summary>Parts of the pictures that are not used, one sentence each.</summary>
    public IEnumerable<string> Notices => Named().SelectMany(named => named.Picture.Notices)
        .Concat(_styles.Select(style => style.Picture.TransparencyNotice).OfType<string>())
        .Distinct();

    /// <summary>Every picture with its role.</summary>
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
        foreach (var picture in _open.Values) picture.Dispose();
    }

    private SharedPicture Alone(string path)
    {
        var picture = Open(path);
        return new SharedPicture(picture, picture.AsSource());
    }

    private Picture? OpenOptional(string? path) => path is null ? null : Open(path);

    private static InputFile? FileOf(Picture? picture) => picture is null ? null : new InputFile(picture.Path, picture.Sha256);
}

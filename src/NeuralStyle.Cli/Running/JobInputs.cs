using NeuralStyle.Imaging;
using NeuralStyle.Vgg;
using NeuralStyle.Weights;

namespace NeuralStyle.Cli.Running;

/// <summary>The pictures of one job, opened: their headers are read, their pixels are not.</summary>
internal sealed class JobInputs : IDisposable
{
    private readonly Pictures? _owned; // the styles, unless they are shared with other jobs
    private readonly Picture? _start;
    private readonly IReadOnlyList<SharedPicture> _styles;

    /// <param name="job">Names the files.</param>
    /// <param name="shared">Opens the styles for several jobs; null opens them for this one.</param>
    public JobInputs(StyleJob job, SharedPictures? shared = null)
    {
        Content = Picture.Load(job.Content);
        _owned = shared is null ? new Pictures(job.Styles) : null;
        _styles = _owned?.Select(style => new SharedPicture(style, style.AsSource())).ToArray() ?? job.Styles.Select(shared!.Open).ToArray();
        _start = job.Settings.Start is { Path: { } path } ? Picture.Load(path) : null;
    }

    public Picture Content { get; }

    /// <summary>What the library takes.</summary>
    public StyleInputs ToStyleInputs() => new(Content.AsSource(), _styles.Select(style => style.Source).ToArray(), Start: _start?.AsSource());

    /// <summary>How the picture of this job is made.</summary>
    public RunRecord Record(StyleJob job, VggWeights weights) => new()
    {
        Content = new InputFile(job.Content, Content.Sha256),
        Styles = _styles.Zip(job.Styles, (style, path) => new InputFile(path, style.Picture.Sha256)).ToArray(),
        Start = _start is null ? null : new InputFile(_start.Path, _start.Sha256),
        Weights = new InputFile(weights.Name, weights.Sha256),
        Preprocessing = PreprocessingNames.NameOf(weights.Preprocessing),
        Settings = job.Settings,
        BitDepth = job.BitDepth,
        Quality = job.Quality,
    };

    public void Dispose()
    {
        Content.Dispose();
        _owned?.Dispose();
        _start?.Dispose();
    }
}

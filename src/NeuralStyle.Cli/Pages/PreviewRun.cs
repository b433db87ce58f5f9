using System.Diagnostics;
using NeuralStyle.Cli.Jobs;
using NeuralStyle.Imaging;
using NeuralStyle.Runs;
using NeuralStyle.Runtime;
using NeuralStyle.Runtime.Files;
using TorchSharp;

namespace NeuralStyle.Cli.Pages;

/// <summary>Where a film is.</summary>
/// <param name="Number">The frame in work, from 1.</param>
/// <param name="Pass">The pass that paints it, from 1.</param>
/// <param name="Passes">How often scenes are gone through.</param>
/// <param name="Painted">Number of painted frames, of all processes, counting each pass.</param>
/// <param name="Left">Time left for the film; empty if unknown.</param>
internal sealed record FramePlace(int Number, int Pass, int Passes, int Painted, string Left);

/// <summary>The frame of a film that is in work.</summary>
/// <param name="Place">Which it is.</param>
/// <param name="Source">The frame of the source as JPEG.</param>
internal sealed record PreviewFrame(FramePlace Place, byte[] Source);

/// <summary>
/// One picture in progress, for the page. Updated after every iteration on the run's thread; read by the page's threads.
/// </summary>
/// <param name="hub">The hub.</param>
/// <param name="id">Its number, from 1.</param>
/// <param name="job">What is made.</param>
/// <param name="open">Gives an input of the job by its name.</param>
/// <param name="save">Writes an intermediate picture.</param>
internal sealed class PreviewRun(PreviewHub hub, int id, StyleJob job, Func<string, Picture> open, Action<torch.Tensor, string> save)
    : IProgress<RunProgress>
{
    private const int LongSide = 1200, Quality = 85;
    private const double MostShare = 0.02; // share of the time for pictures of the page

    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly Dictionary<string, byte[]> _inputs = [];
    private TimeSpan _nextPicture;
    private int _saveAsked;

    /// <summary>Its number, from 1.</summary>
    public int Id => id;

    /// <summary>The job.</summary>
    public StyleJob Job => job;

    /// <summary>Guards the following members.</summary>
    public Lock Gate { get; } = new();

    /// <summary>The last reported iteration; null before the first.</summary>
    public RunProgress? Progress { get; private set; }

    public LossCurves Curves { get; } = new();

    /// <summary>The losses of the frames of a film; null for a picture.</summary>
    public FrameHistory? Film { get; init; }

    /// <summary>The frame of a film that is in work; null before the first, and for a picture.</summary>
    public PreviewFrame? Frame { get; private set; }

    /// <summary>The picture so far as JPEG; null before the first.</summary>
    public byte[]? Picture { get; private set; }

    /// <summary>Increases with every picture.</summary>
    public int PictureVersion { get; private set; }

    /// <summary>A message, for instance where a picture was saved.</summary>
    public string? Message { get; private set; }

    /// <summary>Requests that the picture so far is written to a file after the current iteration.</summary>
    public void AskToSave() => Interlocked.Exchange(ref _saveAsked, 1);

    public void Report(RunProgress value)
    {
        lock (Gate)
        {
            Progress = value;
            if (Film is null) Curves.Add(value);
        }
        if (Interlocked.Exchange(ref _saveAsked, 0) == 1) SaveNow(value);
        if (hub.Watchers > 0 && _clock.Elapsed >= _nextPicture) Show(value.Snapshot);
        hub.Changed();
        if (hub.Paused && hub.Watchers > 0) Show(value.Snapshot);
        hub.WaitWhilePaused();
    }

    /// <summary>A frame of a film begins.</summary>
    /// <param name="place">Which it is.</param>
    /// <param name="source">1×3×H×W in [0, 1].</param>
    public void Begin(FramePlace place, torch.Tensor source)
    {
        var frame = new PreviewFrame(place, Jpeg(source));
        lock (Gate) Frame = frame;
        hub.Changed();
    }

    /// <summary>Takes the finished picture.</summary>
    /// <param name="image">1×3×H×W in [0, 1]; stays the caller's.</param>
    public void Finish(torch.Tensor image)
    {
        if (hub.Watchers > 0) Show(() => image.alias());
        hub.Changed();
    }

    /// <summary>Frees data that only the shown run needs.</summary>
    public void Forget()
    {
        lock (Gate) Picture = null;
        lock (_inputs) _inputs.Clear();
    }

    /// <summary>An input picture as JPEG.</summary>
    /// <param name="path">One of the job's inputs.</param>
    /// <exception cref="InvalidInputException">The file has been removed or damaged.</exception>
    public byte[] Input(string path)
    {
        lock (_inputs)
        {
            if (_inputs.TryGetValue(path, out var known)) return known;
            using var quiet = ManagedMemory.Undisturbed(); // the run collects after each iteration
            return _inputs[path] = EncodedPicture.Of(open(path), LongSide, Quality).Bytes;
        }
    }

    private void Show(Func<torch.Tensor> snapshot)
    {
        var began = _clock.Elapsed;
        using (var image = snapshot())
        {
            var bytes = Jpeg(image);
            lock (Gate) (Picture, PictureVersion) = (bytes, PictureVersion + 1);
        }
        var took = _clock.Elapsed - began;
        _nextPicture = _clock.Elapsed + TimeSpan.FromSeconds(Math.Max(0.5, took.TotalSeconds / MostShare));
    }

    private static byte[] Jpeg(torch.Tensor image)
    {
        var size = ImageTensor.SizeOf(image);
        using var small = size.LongSide > LongSide ? ImageTensor.Resize(image, size.WithLongSide(LongSide)) : image.alias();
        return EncodedPicture.Of(small, Quality).Bytes;
    }

    /// <summary>A failure is shown on the page and does not end the run.</summary>
    private void SaveNow(RunProgress value)
    {
        var path = IntermediateName.Of(job.OutputName, value.Scale + 1, value.Iteration);
        try
        {
            if (job.Inputs.Any(input => FileIdentity.Same(input, path))) throw new InvalidInputException($"'{path}' is an input");
            using var image = value.Snapshot();
            save(image, path);
            Message = $"saved '{path}'";
        }
        catch (Exception failure) when (failure is InvalidInputException or RunFailedException)
        {
            Message = OptionNames.In(failure.Message);
        }
    }
}

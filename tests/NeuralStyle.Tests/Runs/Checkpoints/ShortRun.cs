using NeuralStyle.Imaging;
using NeuralStyle.Runs;
using NeuralStyle.Runs.Checkpoints;
using NeuralStyle.Settings;
using NeuralStyle.Tests.Infra;
using NeuralStyle.Vgg;
using TorchSharp;

namespace NeuralStyle.Tests.Runs.Checkpoints;

/// <summary>A run of a few iterations over two scales, with checkpoints.</summary>
internal sealed class ShortRun(StyleSettings settings, string path) : IDisposable
{
    public static StyleSettings Settings { get; } = new() { Size = 48, MinimumSize = 32, ScaleStep = 1.5, FirstIterations = 5,
        Iterations = 4 };

    public const int Iterations = 9;

    private static readonly VggWeights s_weights = TinyNetworks.Random();
    private readonly torch.Tensor _content = TinyNetworks.Picture(64, 48, 1), _style = TinyNetworks.Picture(80, 64, 2);

    public List<string> Notices { get; } = [];

    public List<string> Warnings { get; } = [];

    /// <summary>Numbers of the iterations that ended a scale, of all calls.</summary>
    public HashSet<int> Ends { get; } = [];

    /// <summary>Hash of the content file in the run's record.</summary>
    public string ContentHash { get; init; } = "c0";

    /// <summary>A source that is cancelled: the run only reads its checkpoint.</summary>
    public static CancellationTokenSource AtOnce()
    {
        var source = new CancellationTokenSource();
        source.Cancel();
        return source;
    }

    /// <summary>Pixels of the result.</summary>
    /// <param name="resume">Whether to continue from the checkpoint.</param>
    /// <param name="every">Time between saves; null makes none.</param>
    /// <param name="progress">Told the number of iterations that this call made.</param>
    /// <param name="stop">Ends the run early.</param>
    public float[] Run(bool resume = false, TimeSpan? every = null, Action<int>? progress = null, CancellationTokenSource? stop = null)
    {
        var count = 0;
        var inputs = new StyleInputs(PictureSource.Of(_content), [PictureSource.Of(_style)]);
        var checkpoint = every is not { } time ? null : new CheckpointSettings
        {
            Path = path, Every = time, Resume = resume, Notice = Notices.Add, Warning = Warnings.Add,
            Record = new RunRecord { Content = new InputFile("content.png", ContentHash), Weights = new InputFile("tiny", s_weights.Sha256),
                Settings = settings },
        };
        using var result = StyleTransfer.Run(inputs, s_weights, settings,
            new RunSettings { Checkpoint = checkpoint, Progress = new Told(report =>
        {
            progress?.Invoke(++count);
            if (report.EndsScale) Ends.Add(count);
        }) }, stop?.Token ?? TestContext.Current.CancellationToken);
        return result.Image.data<float>().ToArray();
    }

    public void Dispose()
    {
        _content.Dispose();
        _style.Dispose();
    }
}

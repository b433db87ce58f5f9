using System.Text.Json;
using NeuralStyle.Evaluation;
using NeuralStyle.Runs;
using NeuralStyle.Runtime;
using NeuralStyle.Settings;
using NeuralStyle.Vgg;
using static TorchSharp.torch;

namespace NeuralStyle;

/// <summary>
/// What runs share that follow each other, as in a batch: the targets of style pictures that several runs use. The pictures made have the
/// same bytes as without it.
/// </summary>
/// <remarks>
/// Styles are known again when they are the same <see cref="Imaging.Picture"/>, or the same
/// <see cref="Imaging.PictureSource"/>, with the same weights, device and settings. Targets are not shared where they depend on the
/// content: with colours taken from it (<see cref="ColorMode.Match"/>, <see cref="ColorMode.Content"/>) or a content mask. Not for runs at
/// the same time. The network is not kept: memory should be as free for the plan of the next run as it was for that of the first.
/// </remarks>
/// <example><code>
/// using var cache = new StyleCache();
/// using var style = Picture.Load("painting.jpg");
/// var weights = BuiltInNetwork.Create();
/// foreach (var photo in Directory.EnumerateFiles("photos", "*.jpg"))
/// {
///     using var content = Picture.Load(photo);
///     using var result = StyleTransfer.Run(new StyleInputs(content, style), weights, run: new RunSettings { Cache = cache });
///     result.Save(Path.ChangeExtension(photo, ".painted.png"));
/// }
/// </code></example>
public sealed class StyleCache : IDisposable
{
    private const int Most = 8; // sets of styles; one of VGG-19 takes 15 MB at 512 pixels

    private readonly List<Known> _styles = []; // the one used last comes last
    private int _uses;

    /// <summary>Frees the targets.</summary>
    public void Dispose()
    {
        foreach (var known in _styles) known.Targets.Dispose();
        _styles.Clear();
    }

    /// <summary>Marks the cache as used until the result is disposed of.</summary>
    /// <exception cref="InvalidOperationException">Another run uses it.</exception>
    internal IDisposable Take()
    {
        if (Interlocked.Exchange(ref _uses, 1) == 1)
            throw new InvalidOperationException("two runs use the same StyleCache at the same time; give each thread its own");
        return new Used(this);
    }

    /// <summary>The targets known of a run's styles; null where they depend on the content.</summary>
    internal SharedTargets? Targets(StyleInputs inputs, VggWeights weights, StyleSettings settings, Device? device)
    {
        if (settings.Color is ColorMode.Match or ColorMode.Content || inputs.ContentMask is not null) return null;
        var use = new Use(weights, (device ?? CPU).ToString(), ComputeTuning.On(device ?? CPU, settings.MostIterations()),
            JsonSerializer.Serialize(settings, RunRecord.Json) + JsonSerializer.Serialize(inputs.StyleWeights, RunRecord.Json));
        var styles = inputs.Styles.Select(style => (object?)style.File ?? style).ToArray();
        var known = _styles.Find(known => known.Use == use && known.Styles.SequenceEqual(styles, ReferenceEqualityComparer.Instance));
        if (known is null) known = new Known(use, styles, new SharedTargets());
        else _styles.Remove(known);
        _styles.Add(known);
        if (_styles.Count > Most)
        {
            _styles[0].Targets.Dispose();
            _styles.RemoveAt(0);
        }
        return known.Targets;
    }

    private sealed record Known(Use Use, object[] Styles, SharedTargets Targets);

    /// <summary>What targets depend on besides the styles. The options of the network follow from its weights and the settings.</summary>
    private sealed record Use(VggWeights Weights, string Device, ConvolutionPrecision Precision, string Settings);

    private sealed class Used(StyleCache cache) : IDisposable
    {
        public void Dispose() => Volatile.Write(ref cache._uses, 0);
    }
}

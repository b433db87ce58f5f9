using NeuralStyle.Imaging;
using NeuralStyle.Losses;
using NeuralStyle.Settings;
using NeuralStyle.Vgg;
using TorchSharp;
using static TorchSharp.torch;

namespace NeuralStyle.Tests;

/// <summary>Pictures of a batch share what the losses take from their styles; no picture is another by it.</summary>
public sealed class StyleCacheTests : IDisposable
{
    private static readonly StyleSettings Small =
        new() { Size = 64, MinimumSize = 32, ScaleStep = 2, FirstIterations = 4, Iterations = 3 };

    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly VggWeights _weights = TinyNetworks.Random();
    private readonly PictureSource _wide, _tall, _style, _other, _mask;

    public StyleCacheTests()
    {
        _wide = PictureSource.Of(TinyNetworks.Picture(64, 48, 1));
        _tall = PictureSource.Of(TinyNetworks.Picture(48, 64, 2));
        _style = PictureSource.Of(TinyNetworks.Picture(80, 64, 3));
        _other = PictureSource.Of(TinyNetworks.Picture(70, 90, 4));
        _mask = PictureSource.Of(cat([zeros(1, 3, 48, 32), ones(1, 3, 48, 32)], 3));
    }

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void Each_picture_of_a_mixed_batch_has_the_bytes_of_one_made_alone()
    {
        using var cache = new StyleCache();
        (StyleInputs Inputs, StyleSettings Settings)[] batch =
        [
            (new StyleInputs(_wide, [_style]), Small),
            (new StyleInputs(_tall, [_style]), Small),
            (new StyleInputs(_wide, [_other]), Small),
            (new StyleInputs(_wide, [_style, _other], [1, 3]), Small),
            (new StyleInputs(_wide, [_style, _other], [3, 1]), Small),
            (new StyleInputs(_wide, [_other, _style], [3, 1]), Small),
            (new StyleInputs(_wide, [_style]), Small with { StyleScale = [0.5] }),
            (new StyleInputs(_wide, [_style]), Small with { StyleLoss = StyleLossKind.Gatys }),
            (new StyleInputs(_wide, [_style]), Small with { Size = 48 }),
            (new StyleInputs(_wide, [_style]), Small with { Color = ColorMode.Match }),
            (new StyleInputs(_tall, [_style]), Small with { Color = ColorMode.Match }),
            (new StyleInputs(_wide, [_style], ContentMask: _mask, StyleMasks: [_mask]), Small),
            (new StyleInputs(_wide, [_style]), Small with { Pooling = Pooling.Average }),
            (new StyleInputs(_wide, [_style]), Small with { StyleLoss = StyleLossKind.Nearest }),
            (new StyleInputs(_tall, [_style]), Small),
        ];
        foreach (var (i, (inputs, settings)) in batch.Concat(batch).Index())
        {
            var (alone, shared) = (Paint(inputs, settings, null), Paint(inputs, settings, cache));
            Assert.True(alone.AsSpan().SequenceEqual(shared), $"picture {i % batch.Length + 1} of round {i / batch.Length + 1}");
        }
    }

    [Fact]
    public void The_style_of_a_batch_is_looked_at_once_for_each_size()
    {
        Dictionary<PixelSize, int> rendered = [];
        var style = _style with
        {
            Render = size =>
            {
                rendered[size] = rendered.GetValueOrDefault(size) + 1;
                return _style.Render(size);
            },
        };
        using var cache = new StyleCache();
        foreach (var content in (PictureSource[])[_wide, _tall, _wide]) Paint(new StyleInputs(content, [style]), Small, cache);
        Assert.Equal(2, rendered.Count);
        Assert.All(rendered.Values, times => Assert.Equal(1, times));
    }

    [Fact]
    public void Another_network_has_targets_of_its_own()
    {
        using var cache = new StyleCache();
        var inputs = new StyleInputs(_wide, [_style]);
        var other = TinyNetworks.Random([8, 8, 8, 8, 8]);
        foreach (var weights in (VggWeights[])[_weights, other, _weights])
            Assert.Equal(Paint(inputs, Small, null, weights), Paint(inputs, Small, cache, weights));
    }

    [Fact]
    public void However_many_styles_pass_a_few_are_kept_and_in_the_end_none()
    {
        using var cache = new StyleCache();
        Paint(new StyleInputs(_wide, [_style]), Small, cache);
        cache.Dispose();
        var none = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        List<long> kept = [];
        for (var i = 0; i < 20; i++)
        {
            Paint(new StyleInputs(_wide, [_style with { }]), Small, cache); // another source each time
            kept.Add(DisposeScopeManager.Statistics.ThreadTotalLiveCount - none);
        }
        Assert.True(kept[1] > kept[0]);
        Assert.Equal(kept[10], kept[^1]);
        cache.Dispose();
        Assert.Equal(none, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void Two_runs_at_the_same_time_are_refused_and_the_first_goes_on()
    {
        using var cache = new StyleCache();
        var inputs = new StyleInputs(_wide, [_style]);
        Exception? refused = null;
        using var result = StyleTransfer.Run(inputs, _weights, Small, new RunSettings
        {
            Cache = cache,
            Progress = new Infra.Told(_ => refused ??= Record.Exception(() => Paint(inputs, Small, cache))),
        }, TestContext.Current.CancellationToken);
        Assert.Contains("give each thread its own", Assert.IsType<InvalidOperationException>(refused).Message, StringComparison.Ordinal);
        Assert.Equal(Paint(inputs, Small, null), result.Image.data<float>().ToArray());
        Assert.NotEmpty(Paint(inputs, Small, cache));
    }

    private float[] Paint(StyleInputs inputs, StyleSettings settings, StyleCache? cache, VggWeights? weights = null)
    {
        using var result = StyleTransfer.Run(inputs, weights ?? _weights, settings, new RunSettings { Cache = cache },
            TestContext.Current.CancellationToken);
        return result.Image.data<float>().ToArray();
    }
}

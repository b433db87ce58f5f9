using NeuralStyle.Scales;
using NeuralStyle.Settings;

namespace NeuralStyle.Tests.Settings;

public sealed class PresetsTests
{
    [Fact]
    public void Every_preset_keeps_to_the_limits_and_carries_its_name()
    {
        foreach (var preset in Presets.All)
        {
            preset.Settings.Validate();
            Assert.Equal(preset.Name, preset.Settings.Preset);
            Assert.Same(preset.Settings, Presets.Find(preset.Name.ToUpperInvariant()));
        }
    }

    [Fact]
    public void Gatys_works_at_one_scale_with_the_losses_of_the_paper()
    {
        var settings = Presets.Find("gatys");
        Assert.Single(ScaleSchedule.For(new(640, 480), settings));
        Assert.Equal((NeuralStyle.Losses.StyleLossKind.Gatys, NeuralStyle.Losses.ContentLossKind.Gatys, OptimizerKind.Lbfgs),
            (settings.StyleLoss, settings.ContentLoss, settings.Optimizer));
    }

    [Fact]
    public void Crowson_has_the_published_defaults_of_its_tool()
    {
        var settings = Presets.Find("crowson");
        Assert.Equal(new StyleSettings
        {
            Preset = "crowson",
            Size = 512,
            MinimumSize = 128,
            ScaleStep = Math.Sqrt(2),
            StyleScale = settings.StyleScale, // lists compare by reference: below
            Iterations = 500,
            FirstIterations = 1000,
            MiddleShare = 1,
            Optimizer = OptimizerKind.Adam,
            LearningRate = 0.02,
            AverageDecay = 0.99,
            ContentWeight = 0.015,
            StyleWeight = 1,
            TotalVariationWeight = 2,
            ContentLayers = settings.ContentLayers,
            StyleLayers = settings.StyleLayers,
            StyleLoss = NeuralStyle.Losses.StyleLossKind.W2,
            ContentLoss = NeuralStyle.Losses.ContentLossKind.MeanSquare,
            Pooling = NeuralStyle.Vgg.Pooling.Max,
            PoolingScale = null,
            Padding = NeuralStyle.Vgg.PaddingMode.Replicate,
            Start = settings.Start,
            Detail = 0,
            Bleed = 0,
        }, settings);
        Assert.Equal([1.0], settings.StyleScale);
        // from the content, without noise
        Assert.Equal(("auto", 0.0), (settings.Start.ToString(), StrengthCurve.StartNoise(settings.Strength)));
        Assert.Equal("relu4_2:1", LayerWeight.Format(settings.ContentLayers));
        Assert.Equal("relu1_1:256,relu2_1:64,relu3_1:16,relu4_1:4,relu5_1:1", LayerWeight.Format(settings.StyleLayers));
    }
}

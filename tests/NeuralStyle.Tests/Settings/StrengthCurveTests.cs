using NeuralStyle.Imaging;
using NeuralStyle.Scales;
using NeuralStyle.Settings;
using TorchSharp;
using static TorchSharp.torch;

namespace NeuralStyle.Tests.Settings;

public sealed class StrengthCurveTests
{
    [Fact]
    public void The_middle_changes_nothing()
    {
        Assert.Equal((1.0, 0.0), (StrengthCurve.ContentFactor(0.5), StrengthCurve.StartNoise(0.5)));
        Assert.Equal(0.3, new StyleSettings { ContentWeight = 0.3 }.StrengthenedContentWeight);
    }

    [Fact]
    public void More_strength_never_means_more_content()
    {
        var strengths = Enumerable.Range(0, 101).Select(step => step / 100.0).ToArray();
        Assert.All(strengths.Zip(strengths.Skip(1)), pair =>
        {
            Assert.True(StrengthCurve.ContentFactor(pair.Second) < StrengthCurve.ContentFactor(pair.First), $"{pair}");
            Assert.True(StrengthCurve.StartNoise(pair.Second) >= StrengthCurve.StartNoise(pair.First), $"{pair}");
        });
        Assert.InRange(StrengthCurve.StartNoise(1), 0.5, 0.99); // a trace of the photograph is left
    }

    [Fact]
    public void A_start_that_is_given_counts_whatever_the_strength()
    {
        using var scope = NewDisposeScope();
        var content = TinyNetworks.Picture(40, 30, 1);
        var inputs = new StyleInputs(PictureSource.Of(content), [PictureSource.Of(TinyNetworks.Picture(40, 30, 2))]);
        double Distance(StyleSettings settings) =>
            (StartImages.Render(settings, inputs, new PixelSize(40, 30)) - content).abs().max().ToDouble();
        var strong = new StyleSettings { Strength = 1 };
        Assert.True(Distance(strong) > 0.2);
        Assert.Equal(0, Distance(strong with { Start = StartImage.Content }));
        Assert.Equal(0, Distance(new StyleSettings { Strength = 0.5 }));
    }
}

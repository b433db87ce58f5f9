using RenderSamples;
using NeuralStyle.Reduction.Rendering;

namespace NeuralStyle.Tests.Samples;

public class SamplePicturesTests
{
    private const int Height = 24; // stroke counts do not shrink with the picture: this is about time, not about pixels

    public static TheoryData<string> Names => [.. SamplePictures.All.Select(sample => sample.FileName)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_picture_is_the_same_every_time_and_has_light_and_shadow(string name)
    {
        var render = SamplePictures.All.Single(sample => sample.FileName == name).Render;
        var canvas = render(Height);
        Assert.Equal((Height * 4 / 3, Height), (canvas.Width, canvas.Height));
        Assert.Equal(canvas.ToBytes(), render(Height).ToBytes());

        var luminance = canvas.Pixels.Select(Tone.Luminance).Order().ToArray();
        Assert.All(luminance, value => Assert.True(float.IsFinite(value)));
        Assert.True(luminance[luminance.Length / 20] < 0.4f, "no shadow");
        Assert.True(luminance[^(luminance.Length / 20)] > 0.5f, "no light");
    }

    [Fact]
    public void Hash_is_even_over_its_range()
    {
        var mean = Enumerable.Range(0, 10_000).Average(i => Noise.Hash(i % 100, i / 100, 3));
        Assert.Equal(0.5, mean, 0.01);
    }
}

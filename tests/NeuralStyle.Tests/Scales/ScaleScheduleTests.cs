using NeuralStyle.Imaging;
using NeuralStyle.Scales;
using NeuralStyle.Settings;
using NeuralStyle.Vgg;

namespace NeuralStyle.Tests.Scales;

public sealed class ScaleScheduleTests
{
    [Theory]
    [InlineData(512, 128, 1.41421356, new[] { 128, 181, 256, 362, 512 })]
    [InlineData(512, 128, 2, new[] { 128, 256, 512 })]
    [InlineData(500, 128, 2, new[] { 250, 500 })]
    [InlineData(100, 128, 2, new[] { 100 })]
    [InlineData(512, 512, 2, new[] { 512 })]
    public void Sizes_run_from_coarse_to_fine_and_end_at_the_size_asked_for(int size, int minimum, double step, int[] expected)
    {
        var scales = ScaleSchedule.For(new PixelSize(800, 600), new StyleSettings { Size = size, MinimumSize = minimum, ScaleStep = step });
        Assert.Equal(expected, scales.Select(scale => scale.Size.LongSide));
    }

    [Fact]
    public void Proportions_are_the_contents_and_scales_in_between_do_a_share_of_the_iterations()
    {
        var scales = ScaleSchedule.For(new PixelSize(300, 600), new StyleSettings { Size = 512, MinimumSize = 64, ScaleStep = 2,
            FirstIterations = 7, Iterations = 9, MiddleShare = 0.25 });
        Assert.Equal([(new(32, 64), 7), (new(64, 128), 2), (new(128, 256), 2), (new PixelSize(256, 512), 9)],
            scales.Select(scale => (scale.Size, scale.Iterations)));
    }

    [Theory]
    [InlineData(512, 1.0, new[] { 7 })] // one scale is the first
    [InlineData(256, 0.0, new[] { 7, 9 })]
    [InlineData(128, 0.0, new[] { 7, 0, 9 })]
    [InlineData(128, 0.5, new[] { 7, 5, 9 })]
    [InlineData(128, 1.0, new[] { 7, 9, 9 })]
    public void The_last_scale_does_all_iterations_whatever_the_share(int minimum, double share, int[] expected)
    {
        var scales = ScaleSchedule.For(new PixelSize(800, 600), new StyleSettings { Size = 512, MinimumSize = minimum, FirstIterations = 7,
            Iterations = 9, MiddleShare = share });
        Assert.Equal(expected, scales.Select(scale => scale.Iterations));
    }

    [Theory]
    [InlineData(2000, 170, new[] { 256, 512 })] // 128 would be 11 high
    [InlineData(2000, 30, new[] { 512 })] // as asked for, whatever it is
    public void Coarse_scales_too_thin_for_the_network_are_left_out(int width, int height, int[] expected)
    {
        var scales = ScaleSchedule.For(new PixelSize(width, height),
            new StyleSettings { Size = 512, MinimumSize = 128, ScaleStep = 2, FirstIterations = 7, Iterations = 3 });
        Assert.Equal(expected, scales.Select(scale => scale.Size.LongSide));
        Assert.Equal(7, scales[0].Iterations);
    }

    [Fact]
    public void Thin_style_pictures_stay_thick_enough_for_the_network() =>
        Assert.Equal(new PixelSize(160, 16),
            ScaleSchedule.StyleSizeAt(new PixelSize(1000, 100), new PixelSize(128, 128), new StyleSettings { Size = 512 }));

    [Fact]
    public void Sizes_that_tile_are_multiples_of_16()
    {
        var scales = ScaleSchedule.For(new PixelSize(300, 200),
            new StyleSettings { Size = 250, MinimumSize = 100, ScaleStep = 2, Padding = PaddingMode.Circular });
        Assert.Equal([new(128, 80), new(256, 160)], scales.Select(scale => scale.Size));
    }

    [Theory]
    [InlineData(1000, 256, 1.0, null, 256)] // as large as the result
    [InlineData(1000, 256, 2.0, null, 512)] // strokes twice as large
    [InlineData(300, 256, 2.0, null, 300)] // never enlarged
    [InlineData(1000, 256, 1.0, 800, 400)] // 800 at the final 512 is 400 at 256
    [InlineData(1000, 256, 0.05, null, 32)] // never below the least size
    public void Style_pictures_follow_the_scale(int own, int scale, double factor, int? size, int expected)
    {
        var settings = new StyleSettings { Size = 512, StyleScale = [factor], StyleSize = size };
        Assert.Equal(expected, ScaleSchedule.StyleSizeAt(new PixelSize(own, own / 2), new PixelSize(scale, scale), settings).LongSide);
    }
}

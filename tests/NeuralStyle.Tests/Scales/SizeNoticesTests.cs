using NeuralStyle.Imaging;
using NeuralStyle.Scales;
using NeuralStyle.Settings;
using NeuralStyle.Vgg;

namespace NeuralStyle.Tests.Scales;

public sealed class SizeNoticesTests
{
    private static readonly PixelSize s_content = new(800, 600), s_style = new(300, 200);

    [Fact]
    public void A_style_scale_beyond_the_styles_own_pixels_is_said()
    {
        var notice = Assert.Single(For(new StyleSettings { StyleScale = [2] }));
        Assert.Contains("style 1 is used at its own 300x200 pixels", notice);
        Assert.Contains("a long side of 1024 as StyleSettings.StyleScale asks", notice);
        Assert.Contains("StyleSettings.StyleSize", Assert.Single(For(new StyleSettings { StyleSize = 301 })));
    }

    [Fact]
    public void Nothing_is_said_where_the_sizes_are_those_asked_for()
    {
        Assert.Empty(For(new StyleSettings { StyleScale = [0.5] }));
        Assert.Empty(For(new StyleSettings { StyleSize = 300 }));
        Assert.Empty(For(new StyleSettings { Size = 2000 })); // nobody asked for more of the style than it has
    }

    [Fact]
    public void Sides_that_are_rounded_so_that_the_result_tiles_are_said()
    {
        Assert.Contains("the result has 208x144 pixels instead of 200x150",
            Assert.Single(For(new StyleSettings { Size = 200, Padding = PaddingMode.Circular })));
        Assert.Empty(For(new StyleSettings { Size = 256, Padding = PaddingMode.Circular }));
    }

    private static IEnumerable<string> For(StyleSettings settings) => SizeNotices.For(s_content, [s_style], settings);
}

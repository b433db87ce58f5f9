using NetVips;
using NeuralStyle.Imaging;
using NeuralStyle.Settings;
using NeuralStyle.Tests.Infra;
using TorchSharp;
using static TorchSharp.torch;

namespace NeuralStyle.Tests.Imaging;

/// <summary>What is transparent in a style is no paint.</summary>
public sealed class TransparentStyleTests : IDisposable
{
    private static readonly StyleSettings Small = new()
    {
        Size = 64, MinimumSize = 64, FirstIterations = 40, Iterations = 40, TotalVariationWeight = 0, ContentWeight = 0,
            StyleLayers = [new(new(1, 1)), new(new(1, 2))], ContentLayers = [new(new(1, 1))],
    };

    private readonly TempFolder _folder = new();
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose()
    {
        _scope.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Colours_under_transparency_have_no_influence_at_all()
    {
        var content = PictureSource.Of(TinyNetworks.Picture(64, 64, 1));
        float[] Painted(params double[] hidden) =>
            Run(new StyleInputs(content, [Style($"{hidden[0]}.png", hidden).AsSource()])).data<float>().ToArray();
        Assert.Equal(Painted(0, 0, 255), Painted(255, 255, 255));
    }

    [Fact]
    public void Only_what_can_be_seen_is_painted_with()
    {
        var grey = PictureSource.Of(full([1, 3, 64, 64], 0.5f));
        var opaque = PictureSource.Of(Style("a.png", [0, 0, 0]).ToTensorOnWhite(new PixelSize(64, 64)));
        var masked = Run(new StyleInputs(grey, [Style("b.png", [0, 0, 0]).AsSource()]));
        var red = Run(new StyleInputs(grey, [PictureSource.Of(tensor([0.9f, 0.1f, 0.1f]).view(1, 3, 1, 1).expand(1, 3, 64, 64))]));
        var onWhite = Run(new StyleInputs(grey, [opaque]));
        var (near, far) = ((masked - red).abs().mean().ToDouble(), (onWhite - red).abs().mean().ToDouble());
        Assert.True(near < 0.5 * far && near < 0.08, $"{near} and {far}");
    }

    [Fact]
    public void A_mask_of_regions_counts_within_what_can_be_seen()
    {
        var grey = PictureSource.Of(full([1, 3, 64, 64], 0.5f));
        var halves = PictureSource.Of(cat([ones(1, 3, 64, 32), zeros(1, 3, 64, 32)], 3));
        var style = Style("a.png", [0, 0, 255]); // its right half is hidden
        var failure = Assert.Throws<InvalidInputException>(() =>
            Run(new StyleInputs(grey, [style.AsSource()], ContentMask: halves, StyleMasks: [halves])));
        Assert.Contains("#000000", failure.Message, StringComparison.Ordinal); // nothing of that region can be seen
        Run(new StyleInputs(grey, [style.AsSource(), PictureSource.Of(TinyNetworks.Picture(64, 64, 2))], ContentMask: halves,
            StyleMasks: [halves, null]));
    }

    [Fact]
    public void A_style_of_which_nothing_can_be_seen_is_refused()
    {
        using var hidden = TestPictures.Flat(64, 64, 200, 100, 50, 0);
        hidden.WriteToFile(_folder["nothing.png"]);
        using var style = Picture.Load(_folder["nothing.png"]);
        var failure = Assert.Throws<InvalidInputException>(() =>
            Run(new StyleInputs(PictureSource.Of(TinyNetworks.Picture(64, 64, 1)), [style.AsSource()])));
        Assert.Contains("completely transparent", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_user_is_told_where_there_is_something_to_tell()
    {
        Assert.Contains("do not count as style", Style("a.png", [0, 0, 0]).TransparencyNotice, StringComparison.Ordinal);
        using var opaque = TestPictures.Flat(64, 64, 200, 100, 50, 255);
        opaque.WriteToFile(_folder["opaque.png"]);
        using var picture = Picture.Load(_folder["opaque.png"]);
        Assert.True(picture.HasAlpha);
        Assert.Null(picture.TransparencyNotice);
        Assert.Null(picture.AsSource().Opacity);
    }

    [Fact]
    public void Hidden_pixels_take_the_colours_around_them()
    {
        var filled = Style("a.png", [0, 0, 0]).ToTensor(new PixelSize(64, 64));
        Assert.InRange((filled[0, 0] - 0.9).abs().max().ToDouble(), 0, 0.03);
        Assert.InRange((filled[0, 2] - 0.1).abs().max().ToDouble(), 0, 0.03);
    }

    /// <summary>Red at the left, and transparent at the right.</summary>
    private Picture Style(string name, double[] hidden)
    {
        using var visible = TestPictures.Flat(32, 64, 230, 26, 26, 255);
        using var after = TestPictures.Flat(32, 64, [.. hidden, 0]);
        using var both = visible.Join(after, Enums.Direction.Horizontal);
        both.WriteToFile(_folder[name]);
        return Picture.Load(_folder[name]);
    }

    private static Tensor Run(StyleInputs inputs) =>
        StyleTransfer.Run(inputs, TinyNetworks.Random([16, 16]), Small, cancellation: TestContext.Current.CancellationToken).Image;
}

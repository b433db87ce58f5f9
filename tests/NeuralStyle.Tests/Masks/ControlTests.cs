using NeuralStyle.Colour;
using NeuralStyle.Imaging;
using NeuralStyle.Masks;
using NeuralStyle.Settings;
using NeuralStyle.Vgg;
using TorchSharp;
using static TorchSharp.torch;

namespace NeuralStyle.Tests.Masks;

/// <summary>Masks, protection, colours, several styles and strength, in whole runs.</summary>
public sealed class ControlTests
{
    private static readonly StyleSettings Small = new() { Size = 64, MinimumSize = 64, FirstIterations = 12, Iterations = 12,
        TotalVariationWeight = 0 };

    [Fact]
    public void Each_region_takes_its_colours_from_the_region_of_that_colour()
    {
        using var scope = NewDisposeScope();
        var grey = full([1, 3, 64, 64], 0.5f);
        var style = Halves([0.9f, 0.1f, 0.1f], [0.1f, 0.1f, 0.9f]); // red left, blue right
        var mask = Halves([1, 1, 1], [0, 0, 0]);
        var swapped = Halves([0, 0, 0], [1, 1, 1]);
        Tensor Run(Tensor contentMask) => StyleTransferRun(new StyleInputs(PictureSource.Of(grey), [PictureSource.Of(style)],
            ContentMask: PictureSource.Of(contentMask), StyleMasks: [PictureSource.Of(mask)]),
                Small with { ContentWeight = 0, FirstIterations = 60, StyleLayers = [new(new(1, 1)), new(new(1, 2))] }, [16, 16]);
        var (same, crossed) = (RedLessBlue(Run(mask)), RedLessBlue(Run(swapped)));
        Assert.True(same.Left > 0.2 && same.Right < -0.2, $"{same}");
        Assert.True(crossed.Left < -0.2 && crossed.Right > 0.2, $"{crossed}");
    }

    [Fact]
    public void A_mask_of_one_colour_is_refused()
    {
        using var scope = NewDisposeScope();
        var picture = PictureSource.Of(TinyNetworks.Picture(64, 64, 1));
        var white = PictureSource.Of(ones(1, 3, 20, 20));
        var failure = Assert.Throws<InvalidInputException>(() =>
            StyleTransferRun(new StyleInputs(picture, [picture], ContentMask: white, StyleMasks: [white]), Small));
        Assert.Contains("#ffffff", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_region_that_no_style_has_is_refused_by_its_colour()
    {
        using var scope = NewDisposeScope();
        var picture = PictureSource.Of(TinyNetworks.Picture(64, 64, 1));
        var failure = Assert.Throws<InvalidInputException>(() => StyleTransferRun(new StyleInputs(picture, [picture],
            ContentMask: PictureSource.Of(Halves([1, 1, 1], [0, 0, 0])), StyleMasks: [PictureSource.Of(ones(1, 3, 8, 8))]), Small));
        Assert.Contains("#000000", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Grey_edges_of_a_black_and_white_mask_are_soft_and_further_colours_are_regions()
    {
        using var scope = NewDisposeScope();
        var ramp = linspace(0, 1, 32).view(1, 1, 1, 32).expand(1, 3, 8, 32);
        var soft = cat([zeros(1, 3, 8, 100), ramp, ones(1, 3, 8, 100)], 3);
        var palette = RegionMasks.Palette(soft, "StyleInputs.ContentMask");
        Assert.Equal(2, palette.shape[0]);
        var weights = RegionMasks.Weights(soft, palette, new PixelSize(232, 8));
        Assert.InRange((weights.sum([0L]) - 1).abs().max().ToDouble(), 0, 1e-6);
        Assert.Equal(0.5, weights[0, 0, 0, 116].ToDouble(), 0.05);

        var three = cat([zeros(1, 3, 8, 50), full([1, 3, 8, 50], 0.5f), ones(1, 3, 8, 50)], 3);
        Assert.Equal(3,
            RegionMasks.Palette(cat([three, Halves([1, 0, 0], [1, 0, 0]).narrow(2, 0, 8)], 3), "StyleInputs.ContentMask").shape[0] - 1);
    }

    [Fact]
    public void A_mask_far_larger_than_the_picture_is_looked_at_in_a_size_that_fits_into_memory()
    {
        using var scope = NewDisposeScope();
        var asked = new List<PixelSize>();
        var halves = Halves([1, 0, 0], [0, 0, 1]);
        var mask = new PictureSource(new PixelSize(20_000, 20_000), size =>
        {
            asked.Add(size);
            return ImageTensor.Resize(halves, size);
        });
        var picture = PictureSource.Of(zeros(1, 3, 64, 64));
        var inputs = new StyleInputs(picture, [picture], ContentMask: mask, StyleMasks: [mask]);
        var regions = StyleRegions.Render(inputs, new PixelSize(64, 64), default, [new PixelSize(48, 48)])!;
        Assert.Equal((2, 48L), (regions.Names.Count, regions.Styles[0]!.shape[3]));
        Assert.All(asked, size => Assert.InRange(size.Pixels, 1, 5 << 20));
        Assert.Equal(1, regions.Content!.amax(0).mean().ToDouble(), 0.05); // a hard edge stays hard
    }

    [Fact]
    public void Masks_are_averaged_down_through_the_poolings()
    {
        using var scope = NewDisposeScope();
        var mask = tensor(new[] { 0f, 1, 1, 1, 0, 0, 1, 1 }, [1, 1, 2, 4]);
        Assert.Equal([0.25f, 1f], MaskPyramid.At(mask, new VggLayer(2, 1)).data<float>().ToArray());
        Assert.Equal([1, 1, 3, 5], MaskPyramid.At(ones(1, 1, 13, 20), new VggLayer(3, 4)).shape);
    }

    [Theory]
    [InlineData(OptimizerKind.Adam)]
    [InlineData(OptimizerKind.Lbfgs)]
    public void Protected_pixels_stay_the_contents_and_the_others_change(OptimizerKind optimizer)
    {
        using var scope = NewDisposeScope();
        var content = TinyNetworks.Picture(64, 64, 1);
        var result = StyleTransferRun(new StyleInputs(PictureSource.Of(content), [PictureSource.Of(TinyNetworks.Picture(64, 64, 2))],
            Protect: PictureSource.Of(Halves([1, 1, 1], [0, 0, 0]))), Small with { Optimizer = optimizer });
        var difference = (result - content).abs();
        Assert.InRange(difference.narrow(3, 0, 32).max().ToDouble(), 0, 1e-6);
        Assert.InRange(difference.narrow(3, 32, 32).mean().ToDouble(), 0.003, 1);
    }

    [Fact]
    public void Luminance_keeps_hue_and_chroma_of_the_content()
    {
        using var scope = NewDisposeScope();
        var content = TinyNetworks.Picture(64, 64, 1) * 0.4 + 0.3; // colours that every lightness can show
        var result = StyleTransferRun(new StyleInputs(PictureSource.Of(content), [PictureSource.Of(TinyNetworks.Picture(64, 64, 2))]),
            Small with { Color = ColorMode.Luminance, FirstIterations = 3 });
        var (made, kept) = (Oklab.FromSrgb(result), Oklab.FromSrgb(content));
        Assert.InRange((made - kept).narrow(1, 1, 2).abs().median().ToDouble(), 0, 1e-3);
        Assert.True((made - kept).narrow(1, 0, 1).abs().mean().ToDouble() > 0.005);
    }

    [Fact]
    public void More_strength_means_less_content()
    {
        using var scope = NewDisposeScope();
        var (content, style) = (TinyNetworks.Picture(64, 64, 1), TinyNetworks.Picture(64, 64, 2));
        var distances = new[] { 0, 0.25, 0.5, 0.75, 1 }.Select(strength =>
            (StyleTransferRun(new StyleInputs(PictureSource.Of(content), [PictureSource.Of(style)]), Small with { Strength = strength })
                - content).norm().ToDouble()).ToArray();
        Assert.Equal(distances.Order(), distances);
        Assert.True(distances[^1] > 1.25 * distances[0]);
    }

    [Fact]
    public void Two_styles_weighted_one_to_nothing_are_the_first_alone()
    {
        using var scope = NewDisposeScope();
        var content = PictureSource.Of(TinyNetworks.Picture(64, 64, 1));
        var (a, b) = (PictureSource.Of(TinyNetworks.Picture(64, 64, 2)), PictureSource.Of(TinyNetworks.Picture(64, 64, 3)));
        var alone = StyleTransferRun(new StyleInputs(content, [a]), Small);
        Assert.Equal(alone.data<float>().ToArray(),
            StyleTransferRun(new StyleInputs(content, [a, b], [1, 0]), Small).data<float>().ToArray());
        Assert.NotEqual(alone.data<float>().ToArray(),
            StyleTransferRun(new StyleInputs(content, [a, b], [1, 1]), Small).data<float>().ToArray());
    }

    [Fact]
    public void Numbers_of_weights_and_masks_that_do_not_fit_are_named()
    {
        using var scope = NewDisposeScope();
        var picture = PictureSource.Of(TinyNetworks.Picture(32, 32, 1));
        void Refused(StyleInputs inputs, string option) =>
            Assert.Contains(option, Assert.Throws<InvalidInputException>(() => inputs.Validate()).Message, StringComparison.Ordinal);
        Refused(new(picture, []), "no style");
        Refused(new(picture, [picture], [1, 2]), "StyleInputs.StyleWeights gives 2 weights for 1 style picture");
        Refused(new(picture, [picture], [0]), "StyleInputs.StyleWeights");
        Refused(new(picture, [picture], ContentMask: picture), "StyleInputs.ContentMask needs a StyleInputs.StyleMasks");
        Refused(new(picture, [picture], StyleMasks: [picture]), "StyleInputs.StyleMasks needs StyleInputs.ContentMask");
        Refused(new(picture, [picture], ContentMask: picture, StyleMasks: [picture, picture]),
            "StyleInputs.StyleMasks gives 2 masks for 1 style picture");
    }

    private static Tensor StyleTransferRun(StyleInputs inputs, StyleSettings settings, int[]? widths = null) =>
        StyleTransfer.Run(inputs, TinyNetworks.Random(widths),
            settings with { ContentLayers = widths is null ? settings.ContentLayers : [new(new(1, 1))] }, null,
            TestContext.Current.CancellationToken).Image;

    private static Tensor Halves(float[] left, float[] right) =>
        cat([tensor(left).view(1, 3, 1, 1).expand(1, 3, 64, 32), tensor(right).view(1, 3, 1, 1).expand(1, 3, 64, 32)], 3);

    private static (double Left, double Right) RedLessBlue(Tensor image)
    {
        var difference = image[0, 0] - image[0, 2];
        return (difference.narrow(1, 4, 24).mean().ToDouble(), difference.narrow(1, 36, 24).mean().ToDouble());
    }
}

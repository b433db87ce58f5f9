using NetVips;
using NeuralStyle.Imaging;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace NeuralStyle.Tests.Imaging;

/// <summary>What is read from files of every kind, with synthetic pictures whose right answer is known.</summary>
public sealed class PictureReadTests : IDisposable
{
    private const int Width = 48, Height = 32;
    private readonly TempFolder _folder = new();
    private readonly DisposeScope _scope = torch.NewDisposeScope();

    public void Dispose()
    {
        _scope.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("a.png", 0.003)]
    [InlineData("a.jpg", 0.03)]
    [InlineData("a.webp", 0.05)]
    [InlineData("a.tif", 0.003)]
    [InlineData("a.avif", 0.05)]
    [InlineData("a.gif", 0.03)]
    public void Every_format_gives_its_colours(string name, double tolerance)
    {
        using var corners = TestPictures.Corners(Width, Height);
        TestPictures.Write(corners, _folder[name]);
        AssertCorners(Read(name), tolerance);
    }

    [Fact]
    public void Sixteen_bits_are_not_cut_to_eight()
    {
        using var ramp = Image.Identity(bands: 1, @ushort: true, size: 65536)
            .Crop(0, 0, 4096, 1)
            .Resize(1, vscale: 32, kernel: Enums.Kernel.Nearest)
            .Cast(Enums.BandFormat.Ushort);
        using var grey = ramp.Copy(interpretation: Enums.Interpretation.Grey16);
        grey.WriteToFile(_folder["deep.png"]);
        using var picture = Picture.Load(_folder["deep.png"]);
        var pixels = picture.ToTensor(picture.Size);
        Assert.Equal(1000 / 65535.0, pixels[0, 1, 5, 1000].ToDouble(), 2e-6);
        Assert.Equal(1001 / 65535.0, pixels[0, 1, 5, 1001].ToDouble(), 2e-6);
    }

    [Fact]
    public void Grey_becomes_three_equal_channels()
    {
        using var grey = (Image.Black(Width, Height) + 100).Cast(Enums.BandFormat.Uchar);
        grey.WriteToFile(_folder["grey.png"]);
        var pixels = Read("grey.png");
        Assert.Equal([1, 3, Height, Width], pixels.shape);
        Assert.InRange((pixels - 100 / 255.0).abs().max().ToDouble(), 0, 1e-6);
    }

    [Fact]
    public void A_palette_is_resolved()
    {
        using var corners = TestPictures.Corners(Width, Height);
        corners.WriteToFile(_folder["palette.png"], new VOption { { "palette", true } });
        AssertCorners(Read("palette.png"), 0.02);
    }

    [Fact]
    public void CMYK_becomes_RGB()
    {
        using var cyan = (Image.Black(Width, Height, bands: 4) + (double[])[255, 0, 0, 0])
            .Cast(Enums.BandFormat.Uchar)
            .Copy(interpretation: Enums.Interpretation.Cmyk);
        cyan.WriteToFile(_folder["cmyk.tif"]);
        cyan.WriteToFile(_folder["cmyk.jpg"]);
        foreach (var name in (string[])["cmyk.tif", "cmyk.jpg"])
        {
            var pixels = Read(name);
            Assert.Equal(3, pixels.shape[1]);
            Assert.True(pixels[0, 2].mean().ToDouble() > pixels[0, 0].mean().ToDouble() + 0.4, $"{name}: cyan has far more blue than red");
        }
    }

    [Fact]
    public void An_embedded_profile_is_converted_to_sRGB()
    {
        using var green = TestPictures.Flat(Width, Height, 60, 200, 60);
        using var p3 = green.IccTransform("p3", inputProfile: "srgb"); // the same colour in other numbers
        p3.WriteToFile(_folder["p3.png"]);
        using var stored = Image.NewFromFile(_folder["p3.png"]);
        Assert.True(Math.Abs(stored.Getpoint(5, 5)[0] - 60) > 10, "the stored numbers are those of the other space");
        var pixels = Read("p3.png");
        Assert.InRange((pixels[0, 0] - 60 / 255.0).abs().max().ToDouble(), 0, 0.012);
        Assert.InRange((pixels[0, 1] - 200 / 255.0).abs().max().ToDouble(), 0, 0.012);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public void Every_orientation_is_turned_upright(int orientation)
    {
        using var upright = TestPictures.Corners(Width * 8, Height * 8);
        using var stored = TestPictures.Stored(upright, orientation);
        stored.WriteToFile(_folder["turned.jpg"]);
        using var picture = Picture.Load(_folder["turned.jpg"]);
        Assert.Equal(new PixelSize(Width * 8, Height * 8), picture.Size);
        AssertCorners(picture.ToTensor(picture.Size), 0.03);
        AssertCorners(picture.ToTensor(new PixelSize(Width, Height)), 0.05); // decoded at a part of its size
    }

    [Fact]
    public void Alpha_is_kept_aside_and_invisible_colours_do_not_bleed()
    {
        using var red = TestPictures.Flat(64, 64, 255, 0, 0);
        using var blue = TestPictures.Flat(64, 64, 0, 0, 255);
        using var visible = red.Bandjoin(255);
        using var hidden = blue.Bandjoin(0);
        using var both = visible.Join(hidden, Enums.Direction.Horizontal).Copy(interpretation: Enums.Interpretation.Srgb);
        both.WriteToFile(_folder["alpha.png"]);
        using var picture = Picture.Load(_folder["alpha.png"]);
        Assert.True(picture.HasAlpha);
        var (small, alpha) = (picture.ToTensor(new PixelSize(32, 16)), picture.AlphaTensor(new PixelSize(32, 16)));
        Assert.Equal([1, 1, 16, 32], alpha.shape);
        Assert.Equal((1.0, 0.0), (alpha[0, 0, 8, 3].ToDouble(), alpha[0, 0, 8, 28].ToDouble()));
        Assert.InRange(small[0, 2].narrow(1, 0, 16).max().ToDouble(), 0, 0.02); // no blue in what can be seen
    }

    [Fact]
    public void Shrinking_averages_instead_of_picking()
    {
        using var checkerboard = ((Image.Xyz(256, 256).ExtractBand(0) + Image.Xyz(256, 256).ExtractBand(1)) % 2 * 255)
            .Cast(Enums.BandFormat.Uchar);
        checkerboard.WriteToFile(_folder["board.png"]);
        using var picture = Picture.Load(_folder["board.png"]);
        var pixels = picture.ToTensor(new PixelSize(48, 48));
        Assert.InRange((pixels - 0.5).abs().max().ToDouble(), 0, 0.02);
    }

    [Fact]
    public void Only_the_first_frame_of_an_animation_is_read()
    {
        using var first = TestPictures.Corners(Width, Height);
        using var second = TestPictures.Flat(Width, Height, 0, 0, 0);
        using var frames = first.Join(second, Enums.Direction.Vertical).Mutate(image => image.Set(GValue.GIntType, "page-height", Height));
        frames.WriteToFile(_folder["moving.gif"]);
        AssertCorners(Read("moving.gif"), 0.03);
    }

    private Tensor Read(string name)
    {
        using var picture = Picture.Load(_folder[name]);
        Assert.Equal(new PixelSize(Width, Height), picture.Size);
        return picture.ToTensor(picture.Size);
    }

    private static void AssertCorners(Tensor pixels, double tolerance)
    {
        var (height, width) = (pixels.shape[2], pixels.shape[3]);
        foreach (var (x, y, colour) in TestPictures.CornerColours)
        {
            for (var band = 0; band < 3; band++)
                Assert.Equal(colour[band] / 255.0, pixels[0, band, y == 0 ? 3 : height - 4, x == 0 ? 3 : width - 4].ToDouble(), tolerance);
        }
    }
}

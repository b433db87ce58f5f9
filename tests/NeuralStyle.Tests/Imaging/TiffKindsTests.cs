using NeuralStyle.Imaging;
using NeuralStyle.Tests.Infra;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace NeuralStyle.Tests.Imaging;

/// <summary>TIFF holds almost anything. Every kind gives the picture that it shows, or one line that says what it is.</summary>
public sealed class TiffKindsTests : IDisposable
{
    private const int Width = 40, Height = 24;
    private readonly TempFolder _folder = new();
    private readonly DisposeScope _scope = torch.NewDisposeScope();

    public void Dispose()
    {
        _scope.Dispose();
        _folder.Dispose();
    }

    /// <summary>Bands, bits, sample format, photometric, the value of white, extra samples, where alpha is or -1.</summary>
    public static TheoryData<string, int, int, int, int, double, int[], int> Kinds { get; } = new()
    {
        { "8 bits", 3, 8, 1, 2, 255, [], -1 },
        { "16 bits", 3, 16, 1, 2, 65535, [], -1 },
        { "16 bits with alpha", 4, 16, 1, 2, 65535, [2], 3 },
        { "a spot colour", 4, 8, 1, 2, 255, [0], -1 },
        { "alpha and a saved selection", 5, 8, 1, 2, 255, [2, 0], 3 },
        { "a saved selection and alpha", 5, 8, 1, 2, 255, [0, 2], 4 },
        { "alpha and two selections, 16 bits", 6, 16, 1, 2, 65535, [2, 0, 0], 3 },
        { "eleven channels", 11, 8, 1, 2, 255, [0, 0, 0, 0, 0, 0, 0, 0], -1 },
        { "grey", 1, 8, 1, 1, 255, [], -1 },
        { "grey, 16 bits", 1, 16, 1, 1, 65535, [], -1 },
        { "grey with alpha, 16 bits", 2, 16, 1, 1, 65535, [2], 1 },
        { "grey with two selections", 3, 8, 1, 1, 255, [0, 0], -1 },
        { "grey float 0 to 1", 1, 32, 3, 1, 1, [], -1 },
        { "grey float 0 to 255", 1, 32, 3, 1, 255, [], -1 },
        { "float 0 to 1", 3, 32, 3, 2, 1, [], -1 },
        { "float 0 to 255", 3, 32, 3, 2, 255, [], -1 },
        { "float 0 to 65535", 3, 32, 3, 2, 65535, [], -1 },
        { "float with alpha", 4, 32, 3, 2, 1, [2], 3 },
        { "half precision 0 to 1", 3, 16, 3, 2, 1, [], -1 },
        { "signed, 16 bits", 3, 16, 2, 2, 32767, [], -1 },
        { "signed, 8 bits", 3, 8, 2, 2, 127, [], -1 },
        { "32 bits", 3, 32, 1, 2, uint.MaxValue, [], -1 },
        { "32 bits that hold 0 to 255", 3, 32, 1, 2, 255, [], -1 },
        { "signed, 32 bits", 3, 32, 2, 2, int.MaxValue, [], -1 },
        { "signed, 16 bits that hold 0 to 255", 3, 16, 2, 2, 255, [], -1 },
        { "32 bits that hold 0 to 65535", 3, 32, 1, 2, 65535, [], -1 },
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Colours_and_alpha_are_those_of_the_picture(string kind, int bands, int bits, int format, int photometric, double white,
        int[] extra, int alpha)
    {
        var picture = Read(kind, new TestTiff(bands, bits, format, photometric, extra), (x, y, band) => Value(x, y, band) * white);
        Assert.Equal(alpha >= 0, picture.HasAlpha);
        var pixels = picture.ToTensor(picture.Size);
        for (var channel = 0; channel < 3; channel++)
            AssertSame(kind, pixels[0, channel], (x, y) => Value(x, y, photometric == 1 ? 0 : channel),
                1.5 / Math.Min(white is 1 or > 255 ? 500 : 255, white is 1 ? 500 : white));
        if (alpha >= 0) AssertSame(kind, picture.AlphaTensor(picture.Size)[0, 0], (x, y) => Value(x, y, alpha), 0.005);
    }

    [Fact]
    public void One_bit_is_black_and_white()
    {
        var picture = Read("one bit", new TestTiff(1, 1, 1, 1), (x, _, _) => x < 20 ? 0 : 1);
        AssertSame("one bit", picture.ToTensor(picture.Size)[0, 1], (x, _) => x < 20 ? 0 : 1, 1e-6);
    }

    [Fact]
    public void Premultiplied_colours_are_divided_by_alpha()
    {
        var picture = Read("premultiplied", new TestTiff(4, 8, 1, 2, 1), (_, _, band) => band == 3 ? 128 : 100);
        Assert.Equal(100 / 128.0, picture.ToTensor(picture.Size)[0, 1, 5, 5].ToDouble(), 0.01);
        Assert.Equal(128 / 255.0, picture.AlphaTensor(picture.Size)[0, 0, 5, 5].ToDouble(), 0.01);
    }

    public static TheoryData<int, int, bool, bool> LabKinds { get; } = new(
        from bits in (int[])[8, 16]
        from photometric in (int[])[8, 9]
        from planes in (bool[])[false, true]
        from alpha in (bool[])[false, true]
        select (bits, photometric, planes, alpha));

    [Theory]
    [MemberData(nameof(LabKinds))]
    public void Lab_becomes_sRGB(int bits, int photometric, bool planes, bool alpha)
    {
        // the same colours twice, Lab under D50, TIFF's white
        double[][] srgb = [[200, 80, 40], [40, 140, 90], [90, 110, 200]];
        double[][] lab = [[50.37, 47.29, 47.46], [51.71, -38.91, 18.18], [48.20, 12.82, -50.13]];
        double Stored(double value, int band) => (bits, photometric, band) switch
        {
            (8, _, 0) => value * 255 / 100,
            (8, 8, _) => (byte)(sbyte)value,
            (8, _, _) => value + 128,
            (_, 8, 0) => value * 65535 / 100,
            (_, 9, 0) => value * 65280 / 100,
            (_, 8, _) => value * 256,
            _ => (value + 128) * 256,
        };
        var tiff = new TestTiff(alpha ? 4 : 3, bits, 1, photometric, alpha ? [2] : []) { Planes = planes };
        var opaque = bits == 8 ? 255 : 65535;
        var picture = Read("lab", tiff, (x, _, band) => band == 3 ? x < 20 ? opaque : opaque / 2 : Stored(lab[x / 14][band], band));
        var pixels = picture.ToTensor(picture.Size);
        foreach (var (x, channel) in from x in (int[])[6, 20, 34] from channel in (int[])[0, 1, 2] select (x, channel))
            Assert.Equal(srgb[x / 14][channel] / 255, pixels[0, channel, 9, x].ToDouble(), 0.03);
        if (alpha) AssertSame("lab", picture.AlphaTensor(picture.Size)[0, 0], (x, _) => x < 20 ? 1 : 0.5, 0.01);
    }

    [Theory]
    [InlineData(3, 8, 1, 2, 255.0)]
    [InlineData(3, 32, 3, 2, 1.0)]
    [InlineData(1, 16, 1, 1, 65535.0)]
    public void An_orientation_without_a_meaning_is_upright(int bands, int bits, int format, int photometric, double white)
    {
        foreach (var orientation in (int[])[0, 9, 90, 65535])
        {
            var picture = Read("turned", new TestTiff(bands, bits, format, photometric) { Orientation = orientation },
                (x, y, _) => Value(x, y, 0) * white);
            Assert.Equal(new PixelSize(Width, Height), picture.Size);
            AssertSame("turned", picture.ToTensor(picture.Size)[0, 0], (x, y) => Value(x, y, 0), 0.006);
        }
    }

    [Theory]
    [InlineData("cmyk")]
    [InlineData("cmyk and a spot colour")]
    public void CMYK_becomes_RGB_without_its_spot_colours(string kind)
    {
        int[] extra = kind == "cmyk" ? [] : [0];
        var picture = Read(kind, new TestTiff(4 + extra.Length, 8, 1, 5, extra), (_, _, band) => band is 0 or 4 ? 255 : 0); // cyan
        Assert.False(picture.HasAlpha);
        var pixels = picture.ToTensor(picture.Size);
        Assert.True(pixels[0, 2].mean().ToDouble() > pixels[0, 0].mean().ToDouble() + 0.4);
    }

    [Theory]
    [InlineData("doubles", 3, 64, 3, 2, 0.0, 1.0, "64 bits")]
    [InlineData("not a number", 3, 32, 3, 2, 0.0, double.NaN, "not numbers")]
    [InlineData("infinite", 1, 32, 3, 1, 0.0, double.PositiveInfinity, "infinite")]
    [InlineData("float of no usual range", 3, 32, 3, 2, 0.0, 7.0, "from 0 to 7")]
    [InlineData("float of 10 bits", 3, 32, 3, 2, 0.0, 1023.0, "from 0 to 1023")]
    [InlineData("float of 12 bits", 1, 32, 3, 1, 0.0, 4095.0, "from 0 to 4095")]
    [InlineData("32 bits that hold 10", 3, 32, 1, 2, 0.0, 1023.0, "from 0 to 1023")]
    [InlineData("32 bits that hold 24", 1, 32, 1, 1, 0.0, 16777215.0, "to 1.6777E+07")]
    [InlineData("signed numbers of 12 bits", 3, 16, 2, 2, 0.0, 4095.0, "expected 0 to 255 or to 32767")]
    [InlineData("labels", 1, 32, 2, 1, 0.0, 3.0, "from 0 to 3")]
    [InlineData("CIELAB of floats", 3, 32, 3, 8, 0.0, 1.0, "CIELAB with 32 bits")]
    [InlineData("huge floats", 3, 32, 3, 2, 0.0, 1e30, "1E+30")]
    [InlineData("negative floats", 3, 32, 3, 2, -900.0, 1.0, "-900")]
    [InlineData("negative whole numbers", 3, 16, 2, 2, -9.0, 100.0, "-9")]
    [InlineData("complex", 1, 64, 6, 1, 0.0, 1.0, "64 bits")]
    [InlineData("a sensor's raw data", 1, 16, 1, 32803, 0.0, 1.0, "raw")]
    [InlineData("ITULAB", 3, 8, 1, 10, 0.0, 1.0, "unusual")]
    [InlineData("RGB of two channels", 2, 8, 1, 2, 0.0, 1.0, "2 channels for 3 colours")]
    [InlineData("hundreds of channels", 300, 8, 1, 2, 0.0, 1.0, "300 channels")]
    public void What_cannot_be_painted_is_refused_in_one_line_that_says_what_it_is(string kind, int bands, int bits, int format,
        int photometric, double least, double most, string reason)
    {
        var failure = Assert.Throws<InvalidInputException>(() =>
            Read(kind, new TestTiff(bands, bits, format, photometric), (x, y, _) => (x + y) % 2 == 0 ? least : most));
        Assert.Contains(reason, failure.Message, StringComparison.Ordinal);
        Assert.StartsWith($"'{_folder[kind + ".tif"]}'", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', failure.Message);
        Assert.DoesNotContain("vips", failure.Message, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Tags, the numbers that they get instead, and words of the message.</summary>
    public static TheoryData<string, ushort, int[], string> Unsupported { get; } = new()
    {
        { "10 bits", 258, [10, 10, 10], "holds 10 bits per channel in 3 channels" },
        { "12 bits", 258, [12, 12, 12], "holds 12 bits per channel" },
        { "14 bits", 258, [14, 14, 14], "holds 14 bits per channel" },
        { "4 bits", 258, [4, 4, 4], "holds 4 bits per channel" },
        { "24 bits", 258, [24, 24, 24], "holds 24 bits per channel" },
        { "5, 6 and 5 bits", 258, [5, 6, 5], "channels of different depth (5, 6, 5 bits)" },
        { "JBIG", 259, [34661], "JBIG compression" },
        { "JPEG 2000", 259, [34712], "JPEG 2000 compression" },
        { "LERC", 259, [34887], "LERC compression" },
        { "LZMA", 259, [34925], "LZMA compression" },
        { "Zstandard", 259, [50000], "Zstandard compression" },
        { "some other compression", 259, [32766], "compression of an unusual kind (32766)" },
    };

    [Theory]
    [MemberData(nameof(Unsupported))]
    public void A_kind_that_is_not_read_is_named_and_not_called_damaged(string kind, ushort tag, int[] values, string reason)
    {
        var tiff = new TestTiff(3, 8, 1, 2) { Instead = new Dictionary<ushort, int[]> { [tag] = values } };
        var failure = Assert.Throws<InvalidInputException>(() => Read(kind, tiff, (_, _, _) => 9));
        Assert.Contains(reason, failure.Message, StringComparison.Ordinal);
        Assert.Contains("which cannot be read; save it as RGB", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("damaged", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Other_inks_than_CMYK_are_refused()
    {
        var inks = new TestTiff(4, 8, 1, 5) { Instead = new Dictionary<ushort, int[]> { [262] = [5] } };
        var bytes = inks.Write(Width, Height, (_, _, _) => 9);
        bytes[BitConverter.ToInt32(bytes, 4) + 2 + 12 * 3] = 332 & 255; // Compression, whose default is none, becomes InkSet 2
        bytes[BitConverter.ToInt32(bytes, 4) + 2 + 12 * 3 + 1] = 332 >> 8;
        bytes[BitConverter.ToInt32(bytes, 4) + 2 + 12 * 3 + 8] = 2;
        File.WriteAllBytes(_folder["inks.tif"], bytes);
        Assert.Contains("inks", Assert.Throws<InvalidInputException>(() => Picture.Load(_folder["inks.tif"])).Message,
            StringComparison.Ordinal);
    }

    private Picture Read(string kind, TestTiff tiff, Func<int, int, int, double> sample)
    {
        File.WriteAllBytes(_folder[kind + ".tif"], tiff.Write(Width, Height, sample));
        var picture = Picture.Load(_folder[kind + ".tif"]);
        Assert.Equal(new PixelSize(Width, Height), picture.Size);
        return picture;
    }

    /// <summary>A smooth picture that touches 0 and 1.</summary>
    private static double Value(int x, int y, int band)
    {
        if (x < 4) return 1;
        if (x > Width - 5) return band is 3 or 4 || band == 1 ? 0.5 : 0;
        return 0.5 + 0.45 * Math.Sin((band + 1) * 0.11 * x + (band + 2) * 0.07 * y);
    }

    private static void AssertSame(string kind, Tensor actual, Func<int, int, double> expected, double tolerance)
    {
        for (var y = 0; y < Height; y += 3)
        {
            for (var x = 0; x < Width; x++)
            {
                var (is_, should) = (actual[y, x].ToDouble(), expected(x, y));
                Assert.True(Math.Abs(is_ - should) <= tolerance, $"{kind} at {x}, {y}: {is_} for {should}");
            }
        }
    }
}

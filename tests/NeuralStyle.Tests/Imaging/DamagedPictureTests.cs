using CsCheck;
using ImageMagick;
using NetVips;
using NeuralStyle.Imaging;
using TorchSharp;

namespace NeuralStyle.Tests.Imaging;

public sealed class DamagedPictureTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string> Names { get; } = ["a.png", "a.jpg", "a.webp", "a.tif", "a.gif"];

    [Theory]
    [MemberData(nameof(Names))]
    [InlineData("a.psd")]
    [InlineData("rle.psd")]
    [InlineData("a.psb")]
    [InlineData("a.bmp")]
    [InlineData("a.tga")]
    [InlineData("rle.tga")]
    [InlineData("a.ppm")]
    [InlineData("a.jp2")]
    [InlineData("a.jxl")]
    public void A_truncated_picture_is_refused_and_never_filled_up(string name)
    {
        var whole = Encoded(name);
        ReadAll(_folder["whole" + Path.GetExtension(name)]);
        foreach (var share in (double[])[0.02, 0.3, 0.6, 0.9, 0.99])
        {
            File.WriteAllBytes(_folder[name], whole[..Math.Max(1, (int)(whole.Length * share))]);
            var failure = Assert.Throws<InvalidInputException>(() => ReadAll(_folder[name]));
            Assert.DoesNotContain('\n', failure.Message);
            Assert.Contains(name, failure.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    [InlineData("a.avif")]
    public void A_damaged_picture_is_read_or_refused_in_one_line(string name)
    {
        var whole = Encoded(name);
        Gen.Select(Gen.Int[0, whole.Length - 1], Gen.Byte).Array[1, 12].Sample(changes =>
        {
            var bytes = (byte[])whole.Clone();
            foreach (var (at, value) in changes) bytes[at] = value;
            File.WriteAllBytes(_folder[name], bytes);
            try
            {
                ReadAll(_folder[name]);
            }
            catch (InvalidInputException failure)
            {
                Assert.DoesNotContain('\n', failure.Message);
            }
        }, iter: 60, threads: 1);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 5000)]
    [InlineData(15, 40)]
    public void A_picture_too_small_for_the_network_is_refused(int width, int height)
    {
        using var tiny = TestPictures.Flat(width, height, 9, 9, 9);
        tiny.WriteToFile(_folder["tiny.png"]);
        Assert.Contains("at least 16", Assert.Throws<InvalidInputException>(() => Picture.Load(_folder["tiny.png"])).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_header_that_claims_millions_of_pixels_is_refused_before_it_takes_all_memory()
    {
        var bytes = Encoded("a.avif");
        bytes[bytes.AsSpan().IndexOf("ispe"u8) + 9] = 0x9b; // the width's second byte, after name and version
        File.WriteAllBytes(_folder["a.avif"], bytes);
        Assert.Contains("10158144x48 pixels by its header",
            Assert.Throws<InvalidInputException>(() => Picture.Load(_folder["a.avif"])).Message, StringComparison.Ordinal);
    }

    private byte[] Encoded(string name)
    {
        using var noise = Image.Gaussnoise(64, 48, sigma: 60, mean: 128).Cast(Enums.BandFormat.Uchar);
        using var colours = noise.Bandjoin(noise.Rot180(), noise.FlipHor()).Copy(interpretation: Enums.Interpretation.Srgb);
        var whole = _folder["whole" + Path.GetExtension(name)];
        if (Path.GetExtension(name) is ".psd" or ".psb" or ".bmp" or ".tga" or ".ppm" or ".jp2" or ".jxl")
        {
            using var other = new MagickImage(colours.PngsaveBuffer());
            other.Settings.Compression = name.StartsWith("rle", StringComparison.Ordinal)
                ? CompressionMethod.RLE
                : CompressionMethod.NoCompression;
            other.Write(whole);
        }
        else colours.WriteToFile(whole);
        return File.ReadAllBytes(whole);
    }

    private static void ReadAll(string path)
    {
        using var scope = torch.NewDisposeScope();
        using var picture = Picture.Load(path);
        Assert.Equal(4, picture.ToTensor(new PixelSize(32, 24)).dim());
    }
}

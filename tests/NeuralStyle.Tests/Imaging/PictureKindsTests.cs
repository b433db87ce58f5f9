using System.Buffers.Binary;
using ImageMagick;
using NetVips;
using NeuralStyle.Imaging;
using NeuralStyle.Tests.Infra;
using TorchSharp;

namespace NeuralStyle.Tests.Imaging;

/// <summary>Which kinds of files are pictures, whatever their names say, and what is said of the others.</summary>
public sealed class PictureKindsTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly DisposeScope _scope = torch.NewDisposeScope();

    public void Dispose()
    {
        _scope.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("a.bmp")]
    [InlineData("a.tga")]
    [InlineData("a.ppm")]
    [InlineData("a.pam")]
    [InlineData("a.psd")]
    [InlineData("a.jp2")]
    [InlineData("a.j2k")]
    [InlineData("a.jxl")]
    [InlineData("a.pgm")]
    [InlineData("a.pbm")]
    public void What_libvips_has_no_loader_for_is_read_as_well(string name)
    {
        using var corners = TestPictures.Corners(64, 48);
        using (var image = new MagickImage(corners.PngsaveBuffer())) image.Write(_folder[name]);
        using var picture = Picture.Load(_folder[name]);
        Assert.Equal(new PixelSize(64, 48), picture.Size);
        var pixels = picture.ToTensor(picture.Size);
        if (name is "a.pgm" or "a.pbm") Assert.InRange((pixels[0, 0] - pixels[0, 2]).abs().max().ToDouble(), 0, 1e-6);
        else AssertCorners(pixels, 0.06);
        Assert.True(PictureFormats.IsReadable(name));
    }

    /// <summary>Windows refuses to replace an open file, so that a result could not replace its own input.</summary>
    [Theory]
    [InlineData("a.png")]
    [InlineData("a.jpg")]
    [InlineData("a.webp")]
    [InlineData("a.tif")]
    [InlineData("a.avif")]
    [InlineData("a.gif")]
    [InlineData("a.jxl")]
    [InlineData("a.psd")]
    public void No_file_stays_open_after_it_was_read_or_refused(string name)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the list of open files is that of Linux");
        using var corners = TestPictures.Corners(256, 192);
        using (var image = new MagickImage(corners.PngsaveBuffer())) image.Write(_folder[name]);
        using (var picture = Picture.Load(_folder[name]))
        {
            picture.ToTensor(new PixelSize(64, 48)).Dispose();
            picture.AlphaTensor(new PixelSize(64, 48)).Dispose();
            Assert.DoesNotContain(_folder[name], OpenFiles());
        }
        var bytes = File.ReadAllBytes(_folder[name]);
        File.WriteAllBytes(_folder[name], bytes[..(name == "a.psd" ? 30 : bytes.Length / 3)]); // layers that are whole give the picture
        Assert.Throws<InvalidInputException>(() => Picture.Load(_folder[name]).ToTensor(new PixelSize(64, 48)));
        Assert.DoesNotContain(_folder[name], OpenFiles());
    }

    [Theory]
    [InlineData("a.png")]
    [InlineData("a.psd")]
    [InlineData("a.jxl")]
    public void Their_alpha_is_kept_aside_too(string name)
    {
        using var visible = TestPictures.Flat(64, 64, 200, 100, 50, 255);
        using var hidden = TestPictures.Flat(64, 64, 200, 100, 50, 0);
        using var both = visible.Join(hidden, Enums.Direction.Horizontal);
        using (var image = new MagickImage(both.PngsaveBuffer())) image.Write(_folder[name]);
        using var picture = Picture.Load(_folder[name]);
        Assert.True(picture.IsTransparent);
        var alpha = picture.AlphaTensor(picture.Size);
        Assert.InRange(alpha[0, 0, 5, 5].ToDouble(), 0.98, 1);
        Assert.InRange(alpha[0, 0, 5, 120].ToDouble(), 0, 0.02);
    }

    [Theory]
    [InlineData("photo.HEIC")]
    [InlineData("photo.jpg")]
    public void A_photograph_of_a_phone_is_read_whatever_its_name_says(string name)
    {
        File.Copy(Path.Combine(AppContext.BaseDirectory, "Data", "pictures", "corners.heic"), _folder[name]);
        using var picture = Picture.Load(_folder[name]);
        Assert.Equal(new PixelSize(160, 120), picture.Size);
        AssertCorners(picture.ToTensor(picture.Size), 0.06);
    }

    [Theory]
    [InlineData("avif", "a.heic")]
    [InlineData("png", "a.JPG")]
    [InlineData("tif", "a.png")]
    [InlineData("jpg", "a")]
    public void The_content_decides_and_not_the_name(string really, string name)
    {
        using var corners = TestPictures.Corners(64, 48);
        TestPictures.Write(corners, _folder["x." + really]);
        File.Move(_folder["x." + really], _folder[name]);
        using var picture = Picture.Load(_folder[name]);
        AssertCorners(picture.ToTensor(picture.Size), 0.06);
    }

    [Theory]
    [InlineData("a[1].png")]
    [InlineData("b[n=-1]")]
    [InlineData("c.png[page=0]")]
    [InlineData("[diagram]")]
    [InlineData("-d.png")]
    [InlineData("@home.png")]
    [InlineData("e f\u00fc'\".png")]
    public void A_name_is_never_parsed_for_options(string name)
    {
        using var black = TestPictures.Flat(64, 48, 0, 0, 0);
        black.WriteToFile(_folder["c.png"]);
        using var corners = TestPictures.Corners(64, 48);
        File.WriteAllBytes(_folder[name], corners.PngsaveBuffer());
        using var picture = Picture.Load(_folder[name]);
        AssertCorners(picture.ToTensor(picture.Size), 0.003);
    }

    [Theory]
    [InlineData("out[Q=5].png")]
    [InlineData("[x].png")]
    public void Nor_is_the_name_of_a_result(string name)
    {
        PictureWriter.Save(TinyNetworks.Picture(32, 32, 1), _folder[name], new PictureOutput());
        Assert.Equal([name], Directory.GetFiles(_folder.Root).Select(Path.GetFileName));
        Picture.Load(_folder[name]).Dispose();
    }

    public static TheoryData<string, string, string> Others { get; } = new()
    {
        { "a.svg", "<svg xmlns='http://www.w3.org/2000/svg' width='300000' height='300000'/>", "SVG" },
        { "b.svg", "<?xml version='1.0'?>\n<!-- x --><svg width='64' height='64'><image href='secret.png'/></svg>", "SVG" },
        { "a.png", "<svg width='64' height='64'/>", "SVG" },
        { "a.pdf", "%PDF-1.7\n", "PDF" },
        { "a.eps", "%!PS-Adobe-3.0", "PostScript" },
        { "a.hdr", "#?RADIANCE\n", "Radiance" },
        { "a.fits", "SIMPLE  =                    T", "FITS" },
        { "a.exr", "v/1\u0001        ", "OpenEXR" },
        { "a.cr2", "II*\0\u0010\0\0\0CR\u0002\0", "raw" },
        { "a.mp4", "\0\0\0\u0018ftypmp42\0\0\0\0mp42isom", "video" },
        { "a.csv", "1,2,3\n4,5,6\n", "not a picture" },
        { "a.mat", "2 2\n1 2\n3 4\n", "not a picture" },
        { "a.v", "\u0008\u00f2\u00a6\u00b6                  ", "not a picture" },
        { "a.txt", "hello", "not a picture" },
        { "a.tga", "hello this is text and no picture", "not a picture" },
    };

    [Theory]
    [MemberData(nameof(Others))]
    public void Other_files_are_refused_by_their_kind(string name, string text, string says)
    {
        File.WriteAllBytes(_folder[name], System.Text.Encoding.Latin1.GetBytes(text));
        var failure = Assert.Throws<InvalidInputException>(() => Picture.Load(_folder[name]));
        Assert.Contains(says, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', failure.Message);
    }

    [Theory]
    [InlineData("x.svg", "<svg xmlns='http://www.w3.org/2000/svg' width='64' height='64'/>")]
    [InlineData("x.csv", "1,2,3\n4,5,6\n")]
    [InlineData("x.mat", "2 2\n1 2\n3 4\n")]
    public void Loaders_that_read_further_files_or_know_no_bounds_are_blocked_in_libvips_itself(string name, string text)
    {
        Libvips.Prepare();
        File.WriteAllText(_folder[name], text);
        Assert.Throws<VipsException>(() => Image.NewFromFile(_folder[name]));
        Assert.Throws<VipsException>(() => Image.NewFromBuffer(File.ReadAllBytes(_folder[name])));
    }

    [Theory]
    [InlineData("a.gif", "2 frames")]
    [InlineData("a.webp", "2 frames")]
    [InlineData("a.png", "2 frames")]
    [InlineData("a.tif", "2 pages")]
    public void The_first_frame_or_page_is_used_and_the_rest_is_mentioned(string name, string says)
    {
        using var first = TestPictures.Corners(64, 48);
        using var second = TestPictures.Flat(64, 48, 0, 0, 0);
        if (name == "a.png") File.WriteAllBytes(_folder[name], Apng(first.PngsaveBuffer()));
        else
        {
            using var frames = first.Join(second, Enums.Direction.Vertical).Mutate(image => image.Set(GValue.GIntType, "page-height", 48));
            frames.WriteToFile(_folder[name], name == "a.webp" ? new VOption { { "lossless", true } } : null);
        }
        using var picture = Picture.Load(_folder[name]);
        Assert.Contains(says, Assert.Single(picture.Notices), StringComparison.Ordinal);
        Assert.Equal(new PixelSize(64, 48), picture.Size);
        AssertCorners(picture.ToTensor(picture.Size), 0.03);
    }

    [Fact]
    public void A_pyramid_is_one_picture()
    {
        using var noise = Image.Gaussnoise(700, 500).Cast(Enums.BandFormat.Uchar);
        noise.WriteToFile(_folder["pyramid.tif"], new VOption { { "tile", true }, { "pyramid", true } });
        using var picture = Picture.Load(_folder["pyramid.tif"]);
        Assert.Empty(picture.Notices);
    }

    [Theory]
    [InlineData("a.png")]
    [InlineData("a.jpg")]
    [InlineData("a.webp")]
    [InlineData("a.tif")]
    public void Orientation_counts_in_every_format(string name)
    {
        using var upright = TestPictures.Corners(160, 96);
        using var stored = TestPictures.Stored(upright, 6);
        TestPictures.Write(stored, _folder[name]);
        using var picture = Picture.Load(_folder[name]);
        Assert.Equal(new PixelSize(160, 96), picture.Size);
        AssertCorners(picture.ToTensor(picture.Size), 0.06);
    }

    [Theory]
    [InlineData("a.jpg")]
    [InlineData("a.webp")]
    public void An_orientation_without_a_meaning_is_upright(string name)
    {
        using var upright = TestPictures.Corners(160, 96);
        using (var tagged = upright.Mutate(image => image.Set(GValue.GIntType, "orientation", 6)))
            TestPictures.Write(tagged, _folder[name]);
        var bytes = File.ReadAllBytes(_folder[name]);
        var at = bytes.AsSpan().IndexOf((ReadOnlySpan<byte>)[0x12, 0x01, 3, 0, 1, 0, 0, 0, 6, 0]); // tag, type, count, value
        Assert.True(at > 0);
        foreach (var orientation in (byte[])[0, 9, 255])
        {
            bytes[at + 8] = orientation;
            File.WriteAllBytes(_folder[name], bytes);
            using var picture = Picture.Load(_folder[name]);
            Assert.Equal(new PixelSize(160, 96), picture.Size);
            AssertCorners(picture.ToTensor(picture.Size), 0.06);
        }
    }

    /// <summary>An animated PNG whose first frame is the picture itself; the second is never looked at.</summary>
    private static byte[] Apng(byte[] png)
    {
        byte[] control = [0, 0, 0, 8, .. "acTL"u8, 0, 0, 0, 2, 0, 0, 0, 0];
        var checksum = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(checksum, Crc32(control.AsSpan(4)));
        return [.. png[..33], .. control, .. checksum, .. png[33..]]; // after IHDR
    }

    private static uint Crc32(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var value in bytes)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++) crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xedb88320 : crc >> 1;
        }
        return ~crc;
    }

    private static string[] OpenFiles() =>
        [.. Directory.GetFiles("/proc/self/fd").Select(link => new FileInfo(link).LinkTarget ?? "")]; // null: closed meanwhile

    private static void AssertCorners(torch.Tensor pixels, double tolerance)
    {
        var (height, width) = (pixels.shape[2], pixels.shape[3]);
        foreach (var (x, y, colour) in TestPictures.CornerColours)
        {
            for (var band = 0; band < 3; band++)
                Assert.Equal(colour[band] / 255.0, pixels[0, band, y == 0 ? 4 : height - 5, x == 0 ? 4 : width - 5].ToDouble(), tolerance);
        }
    }
}

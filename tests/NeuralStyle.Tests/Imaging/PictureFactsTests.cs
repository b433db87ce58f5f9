using ImageMagick;
using NetVips;
using NeuralStyle.Imaging;
using NeuralStyle.Tests.Infra;
using TorchSharp;

namespace NeuralStyle.Tests.Imaging;

/// <summary>Resolution, colour space, artist and copyright: what a print shop and a photographer look at.</summary>
public sealed class PictureFactsTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string> Names { get; } = ["a.png", "a.jpg", "a.webp", "a.tif", "a.avif"];

    [Theory]
    [InlineData("a.png", 240)]
    [InlineData("a.jpg", 240)]
    [InlineData("a.tif", 72)]
    [InlineData("a.png", null)]
    [InlineData("a.jpg", null)]
    [InlineData("a.tif", null)]
    public void The_resolution_of_the_original_is_kept_and_else_300(string name, int? dpi)
    {
        using var original = Original("in" + Path.GetExtension(name), dpi);
        Assert.Equal(dpi, original.Dpi);
        PictureWriter.Save(TinyNetworks.Picture(64, 48, 1), _folder[name], new PictureOutput { Original = original });
        AssertDpi(name, dpi ?? 300);
        PictureWriter.Save(TinyNetworks.Picture(64, 48, 1), _folder[name], new PictureOutput { Original = original, Dpi = 150 });
        AssertDpi(name, 150);
        PictureWriter.Save(TinyNetworks.Picture(64, 48, 1), _folder[name], new PictureOutput());
        AssertDpi(name, 300);
    }

    [Theory]
    [InlineData("in.webp", true)]
    [InlineData("in.avif", true)]
    [InlineData("in.heic", true)]
    [InlineData("in.jxl", true)]
    [InlineData("in.psd", false)]
    [InlineData("in.bmp", false)]
    public void Resolution_and_artist_are_read_from_whatever_a_format_has_for_them(string name, bool hasExif)
    {
        using (var corners = TestPictures.Corners(64, 48))
        using (var image = new MagickImage(corners.PngsaveBuffer()))
        {
            image.Density = new Density(220, DensityUnit.PixelsPerInch);
            var exif = new ExifProfile();
            exif.SetValue(ExifTag.XResolution, new Rational(220));
            exif.SetValue(ExifTag.YResolution, new Rational(220));
            exif.SetValue(ExifTag.ResolutionUnit, (ushort)2);
            exif.SetValue(ExifTag.Artist, "A. Maker");
            if (hasExif) image.SetProfile(exif);
            image.Write(_folder[name]);
        }
        using var original = Picture.Load(_folder[name]);
        Assert.Equal(220, original.Dpi);
        if (hasExif) Assert.Equal("A. Maker", original.Authorship.Artist);
    }

    [Theory]
    [InlineData("a.png", "pHYs", 0)]
    [InlineData("a.jpg", "JFIF", 7)] // the unit of its densities
    public void A_file_that_says_no_resolution_has_none_though_libvips_takes_72(string name, string mark, int at)
    {
        using (var plain = TestPictures.Corners(64, 48))
            plain.WriteToFile(_folder[name], new VOption { { "keep", Enums.ForeignKeep.None } });
        var bytes = File.ReadAllBytes(_folder[name]);
        var start = bytes.AsSpan().IndexOf(System.Text.Encoding.ASCII.GetBytes(mark));
        if (mark == "JFIF") bytes[start + at] = 0;
        else bytes = [.. bytes[..(start - 4)], .. bytes[(start + 17)..]]; // length, type, nine bytes, checksum
        File.WriteAllBytes(_folder[name], bytes);
        using var picture = Picture.Load(_folder[name]);
        Assert.Null(picture.Dpi);
        PictureWriter.Save(TinyNetworks.Picture(64, 48, 1), _folder["out.png"], new PictureOutput { Original = picture });
        AssertDpi("out.png", 300);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-72)]
    [InlineData(1e9)]
    [InlineData(double.NaN)]
    public void A_resolution_that_no_file_holds_is_refused(double dpi) =>
        Assert.Throws<InvalidInputException>(() =>
            PictureWriter.Save(TinyNetworks.Picture(32, 32, 1), _folder["a.png"], new PictureOutput { Dpi = dpi }));

    [Theory]
    [MemberData(nameof(Names))]
    public void Exif_says_sRGB(string name)
    {
        PictureWriter.Save(TinyNetworks.Picture(64, 48, 1), _folder[name], new PictureOutput());
        using var file = Image.NewFromFile(_folder[name]);
        // libvips writes no EXIF into TIFF
        if (name != "a.tif") Assert.StartsWith("1 ", Assert.IsType<string>(file.Get("exif-ifd2-ColorSpace")), StringComparison.Ordinal);
        Assert.Contains("icc-profile-data", file.GetFields());
    }

    public static TheoryData<string, bool, string, string> Authors { get; } = new MatrixAuthors();

    [Theory]
    [MemberData(nameof(Authors))]
    public void Artist_and_copyright_are_kept_and_place_and_camera_are_not(string name, bool xmp, string artist, string copyright)
    {
        var author = new Authorship(artist, copyright);
        using var original = Original("in.jpg", 300, image =>
        {
            if (xmp) image.Set(GValue.BlobType, "xmp-data", author.ToXmp());
            else
            {
                image.Set(GValue.GStrType, "exif-ifd0-Artist", Authorship.ForExif(artist));
                image.Set(GValue.GStrType, "exif-ifd0-Copyright", Authorship.ForExif(copyright));
            }
            image.Set(GValue.GStrType, "exif-ifd0-Make", "Camera");
            image.Set(GValue.GStrType, "exif-ifd3-GPSLatitude", "48/1 31/1 0/1");
        });
        Assert.Equal(author, original.Authorship);
        PictureWriter.Save(TinyNetworks.Picture(64, 48, 1), _folder[name], new PictureOutput { Original = original, Metadata = "{}" });
        using (var made = Picture.Load(_folder[name])) Assert.Equal(original.Authorship, made.Authorship);
        using (var file = Image.NewFromFile(_folder[name]))
        {
            if (!xmp && name != "a.tif")
                Assert.StartsWith(artist + " (", Assert.IsType<string>(file.Get("exif-ifd0-Artist")), StringComparison.Ordinal);
            Assert.DoesNotContain("exif-ifd0-Make", file.GetFields());
            Assert.DoesNotContain(file.GetFields(), field => field.Contains("GPS", StringComparison.Ordinal));
        }
        PictureWriter.Save(TinyNetworks.Picture(64, 48, 1), _folder[name],
            new PictureOutput { Original = original, KeepAuthorship = false });
        using (var bare = Picture.Load(_folder[name])) Assert.True(bare.Authorship.IsEmpty);
    }

    [Fact]
    public void The_tags_of_a_TIFF_count_too()
    {
        var tiff = new TestTiff(3, 8, 1, 2) { Texts = new Dictionary<ushort, string> { [315] = "Ada", [33432] = "(c) Ada" } };
        File.WriteAllBytes(_folder["a.tif"], tiff.Write(32, 32, (_, _, _) => 9));
        using var picture = Picture.Load(_folder["a.tif"]);
        Assert.Equal(new Authorship("Ada", "(c) Ada"), picture.Authorship);
    }

    [Fact]
    public void Damaged_metadata_is_passed_over()
    {
        using var original = Original("in.jpg", 300, image =>
        {
            image.Set(GValue.BlobType, "xmp-data", System.Text.Encoding.UTF8.GetBytes("<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;"));
        });
        Assert.True(original.Authorship.IsEmpty);
    }

    [Theory]
    [InlineData("a.jpg")]
    [InlineData("a.jfif")]
    public void What_is_transparent_becomes_white_where_the_format_has_no_transparency(string name)
    {
        using var scope = torch.NewDisposeScope();
        using var original = HalfTransparent();
        PictureWriter.Save(torch.zeros(1, 3, 32, 64), _folder[name], new PictureOutput { Original = original });
        using var made = Picture.Load(_folder[name]);
        var pixels = made.ToTensor(made.Size);
        Assert.InRange(pixels[0, 1, 16, 5].ToDouble(), 0, 0.02);
        Assert.InRange(pixels[0, 1, 16, 58].ToDouble(), 0.98, 1);
    }

    [Theory]
    [InlineData("a.png")]
    [InlineData("a.tif")]
    [InlineData("a.jpg")]
    public void A_stream_gets_the_bytes_of_the_file(string name)
    {
        var image = TinyNetworks.Picture(64, 48, 1);
        PictureWriter.Save(image, _folder[name], new PictureOutput());
        using var stream = new MemoryStream();
        PictureWriter.Save(image, stream, PictureFormat.Of(name), new PictureOutput());
        Assert.Equal(File.ReadAllBytes(_folder[name]), stream.ToArray());
    }

    [Fact]
    public void A_full_disk_is_named()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "no /dev/full");
        using var full = new FileStream("/dev/full", FileMode.Open, FileAccess.Write, FileShare.ReadWrite, 0);
        var failure = Assert.Throws<RunFailedException>(() =>
            PictureWriter.Save(TinyNetworks.Picture(64, 48, 1), full, PictureFormat.Of("a.png"), new PictureOutput()));
        Assert.Contains("space", failure.Message, StringComparison.OrdinalIgnoreCase);
    }

    private sealed class MatrixAuthors : TheoryData<string, bool, string, string>
    {
        public MatrixAuthors()
        {
            foreach (var row in Names)
            {
                Add(row.Data, false, "Ada Lovelace (London)", "(C) 2026 A. Lovelace");
                Add(row.Data, true, "Jos\u00e9 Mu\u00f1oz", "\u00a9 2026 J. Mu\u00f1oz & <Co>");
                Add(row.Data, true, "\u5199\u771f", "\u00a9 \u5199\u771f");
            }
        }
    }

    private Picture HalfTransparent()
    {
        using var visible = TestPictures.Flat(64, 64, 200, 100, 50, 255);
        using var hidden = TestPictures.Flat(64, 64, 0, 4, 9, 0);
        using var both = visible.Join(hidden, Enums.Direction.Horizontal);
        both.WriteToFile(_folder["half.png"]);
        return Picture.Load(_folder["half.png"]);
    }

    private Picture Original(string name, int? dpi, Action<MutableImage>? mutate = null)
    {
        using var corners = TestPictures.Corners(64, 48);
        using var printed = dpi is { } value ? corners.Copy(xres: value / 25.4, yres: value / 25.4) : corners.Copy();
        using var described = printed.Mutate(image =>
        {
            if (dpi is not null) image.Set(GValue.GStrType, "resolution-unit", "in");
            mutate?.Invoke(image);
        });
        described.WriteToFile(_folder[name]);
        return Picture.Load(_folder[name]);
    }

    private void AssertDpi(string name, double dpi)
    {
        using var file = Image.NewFromFile(_folder[name]);
        Assert.Equal(dpi, file.Xres * 25.4, 0.05);
        Assert.Equal(dpi, file.Yres * 25.4, 0.05);
    }
}

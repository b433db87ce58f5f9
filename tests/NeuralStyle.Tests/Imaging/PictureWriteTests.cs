using NetVips;
using NeuralStyle.Imaging;
using TorchSharp;

namespace NeuralStyle.Tests.Imaging;

public sealed class PictureWriteTests : IDisposable
{
    private const string Json = """{"tool":"nst","note":"größer"}""";
    private readonly TempFolder _folder = new();
    private readonly DisposeScope _scope = torch.NewDisposeScope();

    public void Dispose()
    {
        _scope.Dispose();
        _folder.Dispose();
    }

    public static TheoryData<string> Names { get; } = ["a.png", "a.jpg", "a.jpeg", "a.webp", "a.tif", "a.tiff", "a.avif"];

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_format_holds_the_picture_its_profile_and_how_it_was_made(string name)
    {
        var image = TinyNetworks.Picture(64, 48, 1);
        PictureWriter.Save(image, _folder[name], new PictureOutput { Metadata = Json });
        using var picture = Picture.Load(_folder[name]);
        Assert.Equal(new PixelSize(64, 48), picture.Size);
        Assert.InRange((picture.ToTensor(picture.Size) - image).abs().mean().ToDouble(), 0, name is "a.png" or "a.tif" or "a.tiff"
            ? 0.002
            : 0.05);
        using var file = Image.NewFromFile(_folder[name]);
        Assert.Contains("icc-profile-data", file.GetFields());
        var read = PictureMetadata.TryRead(_folder[name]);
        Assert.Equal("größer", System.Text.Json.JsonDocument.Parse(Assert.IsType<string>(read)).RootElement.GetProperty("note")
            .GetString());
        Assert.Equal([name], Directory.GetFiles(_folder.Root).Select(Path.GetFileName));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Without_metadata_nothing_is_told(string name)
    {
        PictureWriter.Save(TinyNetworks.Picture(32, 32, 1), _folder[name], new PictureOutput());
        Assert.Null(PictureMetadata.TryRead(_folder[name]));
    }

    [Theory]
    [InlineData("a.png")]
    [InlineData("a.tif")]
    public void Sixteen_bits_come_back_as_they_were(string name)
    {
        var image = torch.linspace(0, 1, 3 * 40 * 50).view(1, 3, 40, 50);
        PictureWriter.Save(image, _folder[name], new PictureOutput { BitDepth = 16 });
        using var file = Image.NewFromFile(_folder[name]);
        Assert.Equal(Enums.BandFormat.Ushort, file.Format);
        using var picture = Picture.Load(_folder[name]);
        Assert.InRange((picture.ToTensor(picture.Size) - image).abs().max().ToDouble(), 0, 2.0 / 65535);
    }

    [Theory]
    [InlineData("a.png", true)]
    [InlineData("a.webp", true)]
    [InlineData("a.tif", true)]
    [InlineData("a.avif", true)]
    [InlineData("a.jpg", false)]
    public void Alpha_is_given_back_resized_where_the_format_holds_it(string name, bool holds)
    {
        using var visible = TestPictures.Flat(64, 64, 200, 100, 50, 255);
        using var hidden = TestPictures.Flat(64, 64, 200, 100, 50, 0);
        using var both = visible.Join(hidden, Enums.Direction.Horizontal);
        both.WriteToFile(_folder["in.png"]);
        using var source = Picture.Load(_folder["in.png"]);
        PictureWriter.Save(TinyNetworks.Picture(64, 32, 1), _folder[name], new PictureOutput { Original = source });
        using var made = Picture.Load(_folder[name]);
        Assert.Equal(holds, made.HasAlpha);
        if (!holds) return;
        var alpha = made.AlphaTensor(made.Size);
        Assert.InRange(alpha[0, 0, 16, 5].ToDouble(), 0.97, 1);
        Assert.InRange(alpha[0, 0, 16, 58].ToDouble(), 0, 0.03);
    }

    [Theory]
    [InlineData("a.jpg")]
    [InlineData("a.webp")]
    [InlineData("a.avif")]
    public void Quality_buys_bytes(string name)
    {
        long Length(int quality)
        {
            PictureWriter.Save(TinyNetworks.Picture(128, 128, 1), _folder[name], new PictureOutput { Quality = quality });
            return new FileInfo(_folder[name]).Length;
        }
        Assert.True(Length(95) > 1.5 * Length(40));
    }

    [Theory]
    [InlineData("a.jpg", 65_536)]
    [InlineData("a.webp", 16_384)]
    [InlineData("a.avif", 16_385)]
    public void A_picture_larger_than_the_format_allows_is_refused(string name, int side)
    {
        var failure = Assert.Throws<InvalidInputException>(() => PictureFormat.Of(name).Check(name, new PixelSize(side, 10), 8));
        Assert.Contains("at most", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_failed_save_leaves_the_earlier_picture_and_no_other_file()
    {
        PictureWriter.Save(TinyNetworks.Picture(32, 32, 1), _folder["a.png"], new PictureOutput());
        var before = File.ReadAllBytes(_folder["a.png"]);
        using var source = new SourceThatIsGone(_folder);
        Assert.ThrowsAny<Exception>(() =>
            PictureWriter.Save(TinyNetworks.Picture(32, 32, 2), _folder["a.png"], new PictureOutput { Original = source.Picture }));
        Assert.Equal(before, File.ReadAllBytes(_folder["a.png"]));
        Assert.Equal(["a.png"], Directory.GetFiles(_folder.Root).Select(Path.GetFileName));
    }

    private sealed class SourceThatIsGone : IDisposable
    {
        public SourceThatIsGone(TempFolder folder)
        {
            using var visible = TestPictures.Flat(64, 64, 200, 100, 50, 255);
            visible.WriteToFile(folder["gone.png"]);
            Picture = Picture.Load(folder["gone.png"]);
            File.Delete(folder["gone.png"]);
        }

        public Picture Picture { get; }

        public void Dispose() => Picture.Dispose();
    }
}

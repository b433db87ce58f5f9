using System.Diagnostics;
using System.Globalization;
using ImageMagick;
using NetVips;
using NeuralStyle.Imaging;
using NeuralStyle.Tests.Infra;
using TorchSharp;

namespace NeuralStyle.Tests.Imaging;

/// <summary>
/// Damaged pictures of every kind never crash or hang: each is read, as a picture and as a mask, or refused in one line. A short run by
/// default; the long one: <c>NST_FUZZ_PICTURES=100000 dotnet test --project tests/NeuralStyle.Tests --filter-class '*PictureFuzzTests'</c>,
/// which shares that number among the kinds. NST_FUZZ_ONLY names one of the kinds, NST_FUZZ_SEED sets the first seed.
/// </summary>
[Collection(Apart.Collection), Trait(Apart.Trait, Apart.Value)]
public sealed class PictureFuzzTests(ITestOutputHelper output) : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static readonly (string Name, Func<Image, byte[]> Encode)[] s_kinds =
    [
        ("rgb.png", image => image.PngsaveBuffer()),
        ("profile.png", image => image.PngsaveBuffer(profile: "srgb")),
        ("interlaced.png", image => image.PngsaveBuffer(interlace: true)),
        ("palette.png", image => image.PngsaveBuffer(palette: true)),
        ("onebit.png", image => image.Colourspace(Enums.Interpretation.Bw).PngsaveBuffer(bitdepth: 1)),
        ("alpha16.png", image => image.Bandjoin(200).Colourspace(Enums.Interpretation.Rgb16).PngsaveBuffer()),
        ("baseline.jpg", image => image.JpegsaveBuffer()),
        ("progressive.jpg", image => image.JpegsaveBuffer(interlace: true)),
        ("grey.jpg", image => image.Colourspace(Enums.Interpretation.Bw).JpegsaveBuffer()),
        ("cmyk.jpg", image => image.Colourspace(Enums.Interpretation.Cmyk).JpegsaveBuffer(keep: Enums.ForeignKeep.None)),
        ("lossy.webp", image => image.Bandjoin(200).WebpsaveBuffer()),
        ("lossless.webp", image => image.WebpsaveBuffer(lossless: true)),
        ("plain.gif", image => image.GifsaveBuffer()),
        ("lzw.tif", image => image.TiffsaveBuffer(compression: Enums.ForeignTiffCompression.Lzw)),
        ("deflate16.tif", image => image.Colourspace(Enums.Interpretation.Rgb16)
            .TiffsaveBuffer(compression: Enums.ForeignTiffCompression.Deflate, predictor: Enums.ForeignTiffPredictor.Horizontal)),
        ("jpeg.tif", image => image.TiffsaveBuffer(compression: Enums.ForeignTiffCompression.Jpeg)),
        ("tiles.tif", image => image.TiffsaveBuffer(tile: true, tileWidth: 16, tileHeight: 16, pyramid: true)),
        ("fax.tif", image => image.Colourspace(Enums.Interpretation.Bw)
            .TiffsaveBuffer(compression: Enums.ForeignTiffCompression.Ccittfax4, bitdepth: 1)),
        ("float.tif", image => (image / 255).Cast(Enums.BandFormat.Float).TiffsaveBuffer()),
        ("spots.tif", image => image.Bandjoin(200, 30).TiffsaveBuffer()),
        ("a.avif", image => image.HeifsaveBuffer(compression: Enums.ForeignHeifCompression.Av1, effort: 0)),
        ("a.heic", _ => File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Data", "pictures", "corners.heic"))),
        ("a.bmp", image => ByMagick(image, MagickFormat.Bmp)),
        ("a.tga", image => ByMagick(image, MagickFormat.Tga)),
        ("a.ppm", image => ByMagick(image, MagickFormat.Ppm)),
        ("a.psd", image => ByMagick(image, MagickFormat.Psd)),
        ("a.jp2", image => ByMagick(image, MagickFormat.Jp2)),
        ("a.jxl", image => ByMagick(image, MagickFormat.Jxl)),
    ];

    public static TheoryData<string> Kinds { get; } = [.. s_kinds.Select(kind => kind.Name)];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Damaged_pictures_are_read_or_refused_in_one_line(string name)
    {
        var only = Environment.GetEnvironmentVariable("NST_FUZZ_ONLY");
        Assert.SkipUnless(only is null || only == name, "NST_FUZZ_ONLY names another kind");
        var all = Number("NST_FUZZ_PICTURES", 40 * s_kinds.Length);
        var (first, count) = (Number("NST_FUZZ_SEED", 0), only is null ? (all + s_kinds.Length - 1) / s_kinds.Length : all);
        using var source = Colours();
        var original = s_kinds.Single(kind => kind.Name == name).Encode(source);
        Assert.True(Try(original, name, -1), "the intact picture is refused");
        var (read, slowest) = (0, TimeSpan.Zero);
        for (var seed = first; seed < first + count; seed++)
        {
            var damaged = FileMutator.Mutate(original, seed);
            var clock = Stopwatch.StartNew();
            if (Try(damaged, name, seed)) read++;
            // other programs may have had the processor
            for (var again = 0; again < 2 && clock.Elapsed > s_patience; again++)
            {
                clock.Restart();
                Try(damaged, name, seed);
            }
            Assert.True(clock.Elapsed < s_patience, $"seed {seed}: {clock.Elapsed}");
            if (clock.Elapsed > slowest) slowest = clock.Elapsed;
        }
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{name} ({original.Length} bytes): {count} damaged pictures, {read} still readable, {count - read} refused; at most "
                + $"{slowest.TotalMilliseconds:F0} ms; peak of the process {Process.GetCurrentProcess().PeakWorkingSet64 >> 20} MiB"));
    }

    private bool Try(byte[] bytes, string name, int seed)
    {
        File.WriteAllBytes(_folder[name], bytes);
        try
        {
            using var scope = torch.NewDisposeScope();
            using var picture = Picture.Load(_folder[name]);
            Assert.Equal([1, 3, 24, 32], picture.ToTensor(new PixelSize(32, 24)).shape);
            if (picture.IsTransparent) Assert.Equal([1, 1, 24, 32], picture.AlphaTensor(new PixelSize(32, 24)).shape);
            Assert.All(picture.Notices, notice => Assert.False(notice.Any(char.IsControl), $"seed {seed}: {notice}"));
            return true;
        }
        catch (InvalidInputException refusal)
        {
            Assert.False(refusal.Message.Any(char.IsControl) || refusal.Message.Length > 600, $"seed {seed}: {refusal.Message}");
            return false;
        }
        catch (Exception failure) when (failure is not Xunit.Sdk.XunitException)
        {
            Assert.Fail($"seed {seed}: {failure}");
            throw;
        }
    }

    private static Image Colours()
    {
        using var noise = Image.Gaussnoise(64, 48, sigma: 60, mean: 128).Gaussblur(1).Cast(Enums.BandFormat.Uchar);
        using var colours = noise.Bandjoin(noise.Rot180(), noise.FlipHor());
        using var plain = colours.Copy(interpretation: Enums.Interpretation.Srgb);
        return plain.CopyMemory();
    }

    private static byte[] ByMagick(Image image, MagickFormat format)
    {
        using var other = new MagickImage(image.PngsaveBuffer());
        return other.ToByteArray(format);
    }

    private static int Number(string variable, int usual) =>
        Environment.GetEnvironmentVariable(variable) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : usual;
}

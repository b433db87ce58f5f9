using System.Diagnostics;
using System.Globalization;
using ImageMagick;
using NetVips;
using TorchSharp;

namespace NeuralStyle.Tests.Infra;

/// <summary>
/// Damages pictures of every kind and has each tried: it is read or refused in one line, within seconds of the processor.
/// NST_FUZZ_PICTURES is the number of files, shared among the kinds; NST_FUZZ_ONLY names one of the kinds, NST_FUZZ_SEED sets the
/// first seed.
/// </summary>
internal static class PictureFuzz
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5); // of the processor: other programs may have had it meanwhile

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

    /// <summary>The kinds, as names of files.</summary>
    public static IEnumerable<string> Names => s_kinds.Select(kind => kind.Name);

    /// <summary>Tries a kind.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="source">The picture to damage; disposed of.</param>
    /// <param name="output">Where the counts go.</param>
    /// <param name="use">Uses the bytes of a file of that kind, or throws.</param>
    /// <param name="usual">Files of a kind where NST_FUZZ_PICTURES is not set.</param>
    public static void Run(string name, Image source, ITestOutputHelper output, Action<byte[]> use, int usual = 40)
    {
        var only = Environment.GetEnvironmentVariable("NST_FUZZ_ONLY");
        Assert.SkipUnless(only is null || only == name, "NST_FUZZ_ONLY names another kind");
        var all = Number("NST_FUZZ_PICTURES", usual * s_kinds.Length);
        var (first, count) = (Number("NST_FUZZ_SEED", 0), only is null ? (all + s_kinds.Length - 1) / s_kinds.Length : all);
        using var owned = source;
        var original = s_kinds.Single(kind => kind.Name == name).Encode(source);
        Assert.True(Try(original, -1, use), "the intact picture is refused");
        var (read, slowest) = (0, TimeSpan.Zero);
        for (var seed = first; seed < first + count; seed++)
        {
            var damaged = FileMutator.Mutate(original, seed);
            var begin = Environment.CpuUsage.TotalTime;
            if (Try(damaged, seed, use)) read++;
            var taken = Environment.CpuUsage.TotalTime - begin;
            Assert.True(taken < s_patience, $"seed {seed}: {taken}");
            if (taken > slowest) slowest = taken;
        }
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{name} ({original.Length} bytes): {count} damaged pictures, {read} still readable, {count - read} refused; at most "
                + $"{slowest.TotalMilliseconds:F0} ms; peak of the process {Process.GetCurrentProcess().PeakWorkingSet64 >> 20} MiB"));
    }

    private static bool Try(byte[] bytes, int seed, Action<byte[]> use)
    {
        try
        {
            using var scope = torch.NewDisposeScope();
            use(bytes);
            return true;
        }
        catch (InvalidInputException refusal)
        {
            Assert.False(refusal.Message.Any(char.IsControl) || refusal.Message.Length > 600, $"seed {seed}: {refusal.Message}");
            return false;
        }
        catch (Exception failure)
        {
            Assert.Fail($"seed {seed}: {failure}");
            throw;
        }
    }

    private static byte[] ByMagick(Image image, MagickFormat format)
    {
        using var other = new MagickImage(image.PngsaveBuffer());
        return other.ToByteArray(format);
    }

    private static int Number(string variable, int usual) =>
        Environment.GetEnvironmentVariable(variable) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : usual;
}

using NetVips;
using NeuralStyle.Imaging;
using NeuralStyle.Tests.Infra;

namespace NeuralStyle.Tests.Imaging;

/// <summary>
/// Damaged pictures of every kind never crash or hang: each is read or refused in one line. A short run by default; the long one:
/// <c>NST_FUZZ_PICTURES=100000 dotnet test --project tests/NeuralStyle.Tests --filter-class '*PictureFuzzTests'</c>.
/// </summary>
[Collection(Apart.Collection), Trait(Apart.Trait, Apart.Value)]
public sealed class PictureFuzzTests(ITestOutputHelper output) : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string> Kinds { get; } = [.. PictureFuzz.Names];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Damaged_pictures_are_read_or_refused_in_one_line(string name)
    {
        PictureFuzz.Run(name, Colours(), output, bytes => Try(bytes, name));
    }

    private void Try(byte[] bytes, string name)
    {
        File.WriteAllBytes(_folder[name], bytes);
        using var picture = Picture.Load(_folder[name]);
        Assert.Equal([1, 3, 24, 32], picture.ToTensor(new PixelSize(32, 24)).shape);
        if (picture.IsTransparent) Assert.Equal([1, 1, 24, 32], picture.AlphaTensor(new PixelSize(32, 24)).shape);
        Assert.All(picture.Notices, notice => Assert.False(notice.Any(char.IsControl), notice));
    }

    private static Image Colours()
    {
        using var noise = Image.Gaussnoise(64, 48, sigma: 60, mean: 128).Gaussblur(1).Cast(Enums.BandFormat.Uchar);
        using var colours = noise.Bandjoin(noise.Rot180(), noise.FlipHor());
        using var plain = colours.Copy(interpretation: Enums.Interpretation.Srgb);
        return plain.CopyMemory();
    }
}

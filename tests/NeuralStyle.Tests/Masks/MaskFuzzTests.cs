using NetVips;
using NeuralStyle.Imaging;
using NeuralStyle.Masks;
using NeuralStyle.Scales;
using NeuralStyle.Tests.Infra;
using TorchSharp;
using static TorchSharp.torch;

namespace NeuralStyle.Tests.Masks;

/// <summary>
/// Damaged masks of every kind never crash or hang: each names regions whose weights are shares of 1, or is refused in one line. A short
/// run by default; the long one:
/// <c>NST_FUZZ_PICTURES=100000 dotnet test --project tests/NeuralStyle.Tests --filter-class '*MaskFuzzTests'</c>.
/// </summary>
[Collection(Apart.Collection), Trait(Apart.Trait, Apart.Value)]
public sealed class MaskFuzzTests(ITestOutputHelper output) : IDisposable
{
    private static readonly PixelSize s_size = new(32, 24);
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string> Kinds { get; } = [.. PictureFuzz.Names];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Damaged_masks_name_regions_or_are_refused_in_one_line(string name) =>
        PictureFuzz.Run(name, Regions(), output, bytes => Try(bytes, name), usual: 5);

    private void Try(byte[] bytes, string name)
    {
        File.WriteAllBytes(_folder[name], bytes);
        using var mask = Picture.Load(_folder[name]);
        var picture = PictureSource.Of(zeros(1, 3, 24, 32));
        var inputs = new StyleInputs(picture, [picture], ContentMask: mask.AsSource(), StyleMasks: [mask.AsSource()],
            Protect: mask.AsSource());
        var kept = ProtectedPixels.Render(inputs, s_size, default, CPU)!.Mask;
        Assert.Equal([1, 1, 24, 32], kept.shape);
        Assert.True(kept.isfinite().all().ToBoolean(), "what is kept has values that are no numbers");
        var regions = StyleRegions.Render(inputs, s_size, default, [s_size])!;
        foreach (var weights in new[] { regions.Content!, regions.Styles[0]! })
            Assert.InRange((weights.sum([0L]) - 1).abs().max().ToDouble(), 0, 0.3); // resizing overshoots along edges
    }

    /// <summary>Four flat regions.</summary>
    private static Image Regions()
    {
        using var black = Image.Black(64, 48, bands: 3);
        using var red = black.Mutate(image => image.DrawRect([255, 0, 0], 0, 0, 32, 24, fill: true));
        using var white = red.Mutate(image => image.DrawRect([255, 255, 255], 32, 0, 32, 24, fill: true));
        using var blue = white.Mutate(image => image.DrawRect([0, 0, 255], 0, 24, 32, 24, fill: true));
        using var plain = blue.Copy(interpretation: Enums.Interpretation.Srgb);
        return plain.CopyMemory();
    }
}

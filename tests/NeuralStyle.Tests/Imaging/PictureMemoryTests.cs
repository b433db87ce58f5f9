using NetVips;
using NeuralStyle.Imaging;
using NeuralStyle.Tests.Infra;
using static TorchSharp.torch;

namespace NeuralStyle.Tests.Imaging;

/// <summary>Pictures go in and out without a further copy: at 16384 × 16384 each would be 3.2 GB.</summary>
[Collection(Apart.Collection), Trait(Apart.Trait, Apart.Value)]
public sealed class PictureMemoryTests : IDisposable
{
    private const int Side = 6000;
    private const double Bytes = 3.0 * Side * Side * sizeof(float);
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Reading_takes_little_more_than_the_tensor(int orientation)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "reads /proc");
        using (var black = Image.Black(Side, Side, bands: 3))
        using (var stored = TestPictures.Stored(black, orientation))
            stored.WriteToFile(_folder["a.png"], new VOption { { "compression", 1 } });
        // turning is a copy
        Assert.InRange(PeakMemory.Of(typeof(PictureMemoryTests), nameof(Reads), _folder.Root) / Bytes, 0.99, orientation == 1
            ? 1.35
            : 2.35);
    }

    [Theory]
    [InlineData(nameof(Writes8))]
    [InlineData(nameof(Writes16))]
    public void Writing_takes_a_small_part_of_the_tensor(string depth)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "reads /proc");
        Assert.InRange(PeakMemory.Of(typeof(PictureMemoryTests), depth, _folder.Root) / Bytes, 0, 0.2);
    }

    [Fact(Explicit = true)]
    public void Reads()
    {
        using var picture = Picture.Load(Path.Combine(PeakMemory.Folder, "a.png"));
        picture.ToTensor(new PixelSize(16, 16)).Dispose(); // everything is loaded
        PeakMemory.Tell(() => picture.ToTensor(picture.Size).Dispose());
    }

    [Fact(Explicit = true)]
    public void Writes8() => Writes(8);

    [Fact(Explicit = true)]
    public void Writes16() => Writes(16);

    private static void Writes(int bitDepth)
    {
        using var image = full([1, 3, Side, Side], 0.3f);
        var output = new PictureOutput { BitDepth = bitDepth };
        using (var small = image.narrow(2, 0, 16)) PictureWriter.Save(small, Path.Combine(PeakMemory.Folder, "small.png"), output);
        PeakMemory.Tell(() => PictureWriter.Save(image, Path.Combine(PeakMemory.Folder, "a.png"), output));
    }
}

using NeuralStyle.Imaging;
using NeuralStyle.Reduction;
using TorchSharp;
using static TorchSharp.torch;

namespace NeuralStyle.Tests.Reduction;

public sealed class SamplePicturesTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Rendered_pictures_repeat_and_differ_from_one_another_and_by_seed()
    {
        using var scope = NewDisposeScope();
        var (pictures, others) = (new RenderedPictures(30, size: 32), new RenderedPictures(30, seed: 1, size: 32));
        foreach (var index in new[] { 0, 2 }) // one of each kind
        {
            var picture = pictures.Load(index);
            Assert.Equal([1, 3, 32, 32], picture.shape);
            Assert.InRange(picture.min().item<float>(), 0, 1);
            Assert.InRange(picture.max().item<float>(), 0, 1);
            Assert.True(picture.allclose(new RenderedPictures(30, size: 32).Load(index), 0, 0));
            Assert.False(picture.allclose(pictures.Load(index + 3), 0, 0));
            Assert.False(picture.allclose(others.Load(index), 0, 0));
        }
    }

    [Fact]
    public void Crops_of_a_folder_repeat_and_are_part_of_its_pictures()
    {
        WriteGreys(12);
        using var scope = NewDisposeScope();
        var pictures = new FolderPictures(_folder.Root, count: 40, size: 32);
        Assert.Equal((12, 40, 4), (pictures.Files, pictures.Count, pictures.HeldOut));
        for (var i = 0; i < pictures.Count; i++)
        {
            var crop = pictures.Load(i);
            Assert.Equal([1, 3, 32, 32], crop.shape);
            var grey = crop.mean().item<float>() * 255;
            Assert.InRange(Math.Abs(grey - 20 * MathF.Round(grey / 20)), 0, 1); // one of the files, whole
            Assert.True(crop.allclose(new FolderPictures(_folder.Root, count: 40, size: 32).Load(i), 0, 0));
        }
    }

    [Fact]
    public void Crops_kept_aside_come_from_files_of_their_own()
    {
        WriteGreys(12);
        using var scope = NewDisposeScope();
        var pictures = new FolderPictures(_folder.Root, count: 60, size: 32);
        HashSet<int> Greys(IEnumerable<int> indexes) =>
            [.. indexes.Select(i => (int)MathF.Round(pictures.Load(i).mean().item<float>() * 255 / 20))];
        var (fitted, aside) = (Greys(Enumerable.Range(0, 54)), Greys(Enumerable.Range(54, 6)));
        Assert.Equal(11, fitted.Count);
        Assert.Single(aside);
        Assert.Empty(fitted.Intersect(aside));
    }

    [Fact]
    public void Transparent_pictures_are_laid_over_the_others()
    {
        WriteGreys(10);
        using var scope = NewDisposeScope();
        using var red = NetVips.Image.Black(40, 40, bands: 4) + new double[] { 255, 0, 0, 255 };
        red.Cast(NetVips.Enums.BandFormat.Uchar).Copy(interpretation: NetVips.Enums.Interpretation.Srgb).WriteToFile(_folder["red.png"]);
        var pictures = new FolderPictures(_folder.Root, count: 40, size: 32);
        var withRed = Enumerable.Range(0, 36).Count(i => (pictures.Load(i)[0, 0] - pictures.Load(i)[0, 1]).max().item<float>() > 0.5f);
        Assert.InRange(withRed, 10, 35);
    }

    [Fact]
    public void Too_small_or_broken_files_are_passed_over_and_too_few_refused()
    {
        WriteGreys(9);
        File.WriteAllText(_folder["notes.txt"], "no picture");
        File.WriteAllText(_folder["broken.png"], "no picture either");
        var failure = Assert.Throws<InvalidInputException>(() => new FolderPictures(_folder.Root, count: 40, size: 32));
        Assert.Contains("holds 9 usable pictures; expected at least 10", failure.Message);
        Assert.Contains("does not exist", Assert.Throws<InvalidInputException>(() => new FolderPictures(_folder["none"], 40)).Message);
    }

    private void WriteGreys(int count)
    {
        for (var i = 1; i <= count; i++)
        {
            using var picture = full([1, 3, 64, 80], 20 * i / 255f);
            PictureWriter.Save(picture, _folder[$"grey{i:D2}.png"], new PictureOutput());
        }
    }
}

using NeuralStyle.Cli.Pages;
using NeuralStyle.Runtime;
using static TorchSharp.torch;

namespace NeuralStyle.Cli.Tests.Pages;

public sealed class CropFinderTests
{
    public CropFinderTests() => TorchRuntime.Initialize();

    [Fact]
    public void The_most_detailed_place_comes_first()
    {
        using var scope = NewDisposeScope();
        var image = full([1, 3, 100, 200], 0.5);
        image.narrow(2, 50, 50).narrow(3, 150, 50).copy_(rand(1, 3, 50, 50));
        var areas = CropFinder.Find(image, 50, 3);
        Assert.Equal(new CropArea(150, 50, 50, 50), areas[0]);
        Assert.Equal(3, areas.Distinct().Count());
    }

    [Theory]
    [InlineData(30, 20)]
    [InlineData(70, 500)]
    public void Areas_stay_within_the_picture(int width, int height)
    {
        using var scope = NewDisposeScope();
        foreach (var area in CropFinder.Find(rand(1, 3, height, width), 64, 3))
            Assert.True(area.X >= 0 && area.Y >= 0 && area.X + area.Width <= width && area.Y + area.Height <= height, $"{area}");
    }
}

using NeuralStyle.Evaluation.Tiling;
using NeuralStyle.Imaging;
using NeuralStyle.Vgg;
using TorchSharp;
using static TorchSharp.torch;

namespace NeuralStyle.Tests;

/// <summary>What a scale hands on to the next one at the picture's borders.</summary>
public sealed class RimTests
{
    [Theory]
    [InlineData(null, 0)] // padded layers spoil the outermost pixels
    [InlineData(PaddingMode.Circular, 1)] // borders that wrap are like the rest
    public void Spoiled_pixels_at_the_borders_are_not_enlarged(PaddingMode? padding, float expected)
    {
        using var scope = NewDisposeScope();
        var picture = ones(1, 3, 40, 50);
        picture.narrow(2, 3, 34).narrow(3, 3, 44).zero_(); // a frame of three white pixels around black
        var inputs = new StyleInputs(PictureSource.Of(picture), [PictureSource.Of(picture)]);
        var memory = new MemoryChoice(TileSize.Whole, 10);
        using var state = RunState.Start(inputs, new StyleSettings { Padding = padding }, new PixelSize(50, 40), memory, CPU);
        state.Enlarge(new PixelSize(100, 80), memory);
        var enlarged = state.Picture();
        Assert.Equal([1, 3, 80, 100], enlarged.shape);
        Assert.Equal(expected, enlarged.max().ToSingle(), 0.1f);
    }

    [Fact]
    public void Pictures_of_a_few_pixels_are_enlarged_too()
    {
        using var scope = NewDisposeScope();
        for (var side = 1; side <= 9; side++)
        {
            var inputs = new StyleInputs(PictureSource.Of(ones(1, 3, side, 12)), [PictureSource.Of(ones(1, 3, 20, 20))]);
            var memory = new MemoryChoice(TileSize.Whole, 10);
            using var state = RunState.Start(inputs, new StyleSettings(), new PixelSize(12, side), memory, CPU);
            state.Enlarge(new PixelSize(24, 2 * side), memory);
            Assert.InRange((state.Picture() - 1).abs().max().ToSingle(), 0, 1e-5f);
        }
    }
}

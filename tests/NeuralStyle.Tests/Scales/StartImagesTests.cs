using NeuralStyle.Imaging;
using NeuralStyle.Scales;
using NeuralStyle.Settings;
using static TorchSharp.torch;

namespace NeuralStyle.Tests.Scales;

public sealed class StartImagesTests
{
    [Fact]
    public void Noise_is_nearly_grey_so_that_no_speckle_of_it_is_left_in_the_result()
    {
        using var scope = NewDisposeScope();
        var start = Noise(seed: 3);
        Assert.InRange(start.mean().item<float>(), 0.44f, 0.46f);
        Assert.InRange(start.std().item<float>(), 0.005f, 0.02f); // some: the same everywhere would give no layer a texture to begin with
    }

    [Fact]
    public void Noise_is_that_of_the_seed()
    {
        using var scope = NewDisposeScope();
        Assert.Equal(0, (Noise(seed: 3) - Noise(seed: 3)).abs().max().item<float>());
        Assert.True((Noise(seed: 3) - Noise(seed: 4)).abs().max().item<float>() > 0);
    }

    private static Tensor Noise(long seed)
    {
        var content = PictureSource.Of(TinyNetworks.Picture(60, 40, 1));
        var inputs = new StyleInputs(content, [PictureSource.Of(TinyNetworks.Picture(60, 40, 2))]);
        return StartImages.Render(new StyleSettings { Start = StartImage.Parse("noise"), Seed = seed }, inputs, new PixelSize(60, 40));
    }
}

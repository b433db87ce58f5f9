using NeuralStyle.Benchmarks.Gpu;
using NeuralStyle.Runtime;
using TorchSharp;

namespace NeuralStyle.Tests.Benchmarks;

/// <summary>The parts of the comparison with PyTorch that need no GPU.</summary>
public sealed class DeviceSpeedTests
{
    [Fact]
    public void Other_processes_read_the_weights_and_pictures_that_were_written()
    {
        using var scope = torch.NewDisposeScope();
        using var folder = new TempFolder();
        var inputs = new SharedInputs(folder.Root);
        var weights = TinyNetworks.Random();
        inputs.Write(weights, [24, 32]);
        foreach (var (wrote, read) in weights.Convolutions.Zip(inputs.ReadWeights().Convolutions))
        {
            Assert.Equal(wrote.Layer, read.Layer);
            Assert.Equal(wrote.Kernel, read.Kernel);
            Assert.Equal(wrote.Bias, read.Bias);
        }
        var picture = inputs.ReadPicture(32, SharedInputs.Image);
        Assert.Equal([1L, 3, 32, 32], picture.shape);
        Assert.Equal(NeuralStyle.Benchmarks.Speed.FullWidth.Picture(32, 1).data<float>().ToArray(), picture.data<float>().ToArray());
    }

    [Fact]
    public void Arrays_begin_at_a_multiple_of_64_bytes_as_NumPy_writes_them()
    {
        using var folder = new TempFolder();
        new SharedInputs(folder.Root).Write(TinyNetworks.Random(), [24]);
        Assert.Equal(3 * 24 * 24 * 4, new FileInfo(folder["24-style.npy"]).Length - 128);
    }

    [Fact]
    public void Curves_are_held_against_each_other_where_they_are_furthest_apart()
    {
        Assert.Equal(new LossCurve(0.25, 2), LossCurve.Compare([8, 4, 2], [8, 5, 2.25]));
        Assert.Equal(double.PositiveInfinity, LossCurve.Compare([8, 4], [8, double.NaN]).Difference);
        Assert.Throws<ArgumentException>(() => LossCurve.Compare([8], [8, 4]));
    }

    [Theory]
    [InlineData("--device cuda", "cuda:0", "512,1024,2048", 2)]
    [InlineData("--device cuda:1 --curve", "cuda:1", "512", 2)]
    [InlineData("--device cpu", "cpu", "64,128", 1)]
    [InlineData("--device cpu --check", "cpu", "256", 1)]
    [InlineData("--device cpu --sizes 96 --precision float32,tf32", "cpu", "96", 2)]
    public void What_is_not_said_follows_from_the_device(string words, string device, string sizes, int precisions)
    {
        DeviceOptions? options = null;
        Assert.Equal(0, DeviceOptions.Create(given =>
        {
            options = given;
            return 0;
        }).Parse(words.Split(' ')).Invoke());
        Assert.NotNull(options);
        Assert.Equal((device, sizes, precisions), (options.Device, string.Join(',', options.Sizes), options.Precisions.Count));
        Assert.Equal(ConvolutionPrecision.Float32, options.Precisions[0]);
    }

    [Theory]
    [InlineData("--device cpu --sizes 3", "--sizes: '3' is not a whole number from 16")]
    [InlineData("--device cpu --rounds 0", "--rounds: expected")]
    [InlineData("--device cpu --eager", "--eager")]
    [InlineData("--device cpu --precision half", "valid: float32, tf32, bfloat16")]
    [InlineData("--device cpu --order last", "valid: plain, channels-last")]
    [InlineData("--device cpu --fast", "'--fast'")]
    public void Wrong_options_are_refused(string words, string expected) =>
        Assert.Contains(expected, string.Join('\n', DeviceOptions.Create().Parse(words.Split(' ')).Errors.Select(error => error.Message)));
}

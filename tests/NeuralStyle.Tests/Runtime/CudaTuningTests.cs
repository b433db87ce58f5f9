using NeuralStyle.Evaluation;
using NeuralStyle.Runtime;
using NeuralStyle.Settings;
using NeuralStyle.Vgg;
using TorchSharp;
using static TorchSharp.torch;

namespace NeuralStyle.Tests.Runtime;

/// <summary>What can be said of CUDA without a CUDA device.</summary>
public sealed class CudaTuningTests : IDisposable
{
    // Switches of the whole process: other tests find them as they were.
    private readonly (bool Convolutions, bool Products, bool? Search) _before = (backends.cudnn.allow_tf32, backends.cuda.matmul.allow_tf32,
        CudnnSearch.Get());

    public void Dispose()
    {
        (backends.cudnn.allow_tf32, backends.cuda.matmul.allow_tf32) = (_before.Convolutions, _before.Products);
        if (_before.Search is { } search) Assert.True(CudnnSearch.TrySet(search));
    }

    [Fact]
    public void The_CPU_has_no_TF32()
    {
        var refused = Assert.Throws<InvalidInputException>(() => CudaTuning.Use(CPU, new CudaSettings(ConvolutionPrecision.Tf32)));
        Assert.Equal("CudaSettings.Precision tf32 has no effect on the device cpu, which computes in float32; leave it out, or give "
            + "RunSettings.Device cuda", refused.Message);
        CudaTuning.Use(CPU, new CudaSettings());
    }

    [Theory]
    [InlineData(ConvolutionPrecision.Tf32, true)]
    [InlineData(ConvolutionPrecision.Float32, false)]
    public void Only_convolutions_get_TF32(ConvolutionPrecision precision, bool convolutions)
    {
        CudaTuning.Use(new Device(DeviceType.CUDA, 0), new CudaSettings(precision));
        Assert.Equal((convolutions, false), (backends.cudnn.allow_tf32, backends.cuda.matmul.allow_tf32));
    }

    [Fact]
    public void The_CPU_has_no_cuDNN()
    {
        var refused = Assert.Throws<InvalidInputException>(() => CudaTuning.Use(CPU, new CudaSettings(Search: true)));
        Assert.Equal("CudaSettings.Search has no effect on the device cpu, which has no cuDNN; leave it out, or give "
            + "RunSettings.Device cuda", refused.Message);
    }

    [Fact]
    public void Libtorch_is_told_to_let_cuDNN_search_and_not_to()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the names of libtorch's functions were tried on Linux only");
        foreach (var search in (bool[])[true, false])
        {
            CudaTuning.Use(new Device(DeviceType.CUDA, 0), new CudaSettings(Search: search));
            Assert.Equal(search, CudnnSearch.Get());
        }
    }

    [Fact]
    public void Channels_last_is_an_order_in_memory_and_no_other_tensor()
    {
        using var scope = NewDisposeScope();
        var plain = arange(2 * 3 * 4 * 5, ScalarType.Float32).view(2, 3, 4, 5);
        var turned = CudaTuning.ChannelsLast(plain);
        Assert.Equal(plain.shape, turned.shape);
        Assert.Equal([60L, 1, 15, 3], turned.stride());
        Assert.Equal(0, (turned - plain).abs().max().ToDouble());
    }

    [Theory]
    [InlineData(PaddingMode.Zero, Pooling.Max)]
    [InlineData(PaddingMode.Replicate, Pooling.Average)]
    [InlineData(PaddingMode.Reflect, Pooling.Max)]
    [InlineData(PaddingMode.Circular, Pooling.Max)]
    public void A_network_in_channels_last_order_gives_the_same_losses_and_gradient(PaddingMode padding, Pooling pooling)
    {
        using var scope = NewDisposeScope();
        var (plain, plainGradient) = Evaluate(channelsLast: false);
        var (turned, turnedGradient) = Evaluate(channelsLast: true);
        Assert.InRange(Math.Abs(turned / plain - 1), 0, 1e-5);
        Assert.InRange(((turnedGradient - plainGradient).norm() / plainGradient.norm()).ToDouble(), 0, 1e-4);
        Assert.True(turnedGradient.is_contiguous());

        (double Total, Tensor Gradient) Evaluate(bool channelsLast)
        {
            using var network = new VggNetwork(TinyNetworks.Random(), new NetworkOptions(pooling, padding), CPU, ScalarType.Float32, null,
                channelsLast);
            var layer = new VggLayer(2, 1);
            Assert.Equal(channelsLast, network.Forward(TinyNetworks.Picture(32, 48, 1).requires_grad_(), [layer])[layer].stride(1) == 1);
            using var objective = ObjectiveBuilder.Build(network, TinyNetworks.Picture(32, 48, 1), [TinyNetworks.Picture(40, 32, 2)], [1],
                new StyleSettings());
            using var evaluator = new WholeImageEvaluator(network, objective);
            var evaluated = evaluator.Evaluate(TinyNetworks.Picture(32, 48, 3));
            return (evaluated.ReadTotal(), evaluated.Gradient);
        }
    }
}

using NeuralStyle.Evaluation;
using NeuralStyle.Runtime;
using NeuralStyle.Settings;
using NeuralStyle.Vgg;
using TorchSharp;
using static TorchSharp.torch;

namespace NeuralStyle.Tests.Runtime;

/// <summary>What can be said of CUDA without a CUDA device.</summary>
public sealed class ComputeTuningTests : IDisposable
{
    // Switches of the whole process: other tests find them as they were.
    private readonly (bool Convolutions, bool Products, bool? Search, bool? Repeats) _before = (backends.cudnn.allow_tf32,
        backends.cuda.matmul.allow_tf32, LibtorchSwitches.Searches(), LibtorchSwitches.Repeats());

    public void Dispose()
    {
        (backends.cudnn.allow_tf32, backends.cuda.matmul.allow_tf32) = (_before.Convolutions, _before.Products);
        ComputeTuning.Use(CPU, new ComputeSettings(ConvolutionPrecision.Float32));
        if (_before.Search is { } search) Assert.True(LibtorchSwitches.TrySearch(search));
        if (_before.Repeats is { } repeats) Assert.True(LibtorchSwitches.TryRepeat(repeats));
    }

    [Fact]
    public void The_CPU_has_no_TF32()
    {
        var refused = Assert.Throws<InvalidInputException>(() => ComputeTuning.Use(CPU, new ComputeSettings(ConvolutionPrecision.Tf32)));
        Assert.Equal("ComputeSettings.Precision tf32 has no effect on the device cpu; leave it out, or give "
            + "RunSettings.Device cuda", refused.Message);
        ComputeTuning.Use(CPU, new ComputeSettings());
        ComputeTuning.Use(CPU, new ComputeSettings(ConvolutionPrecision.Float32));
    }

    [Theory]
    [InlineData("default", true)]
    [InlineData("fast", true)]
    [InlineData("strotss", true)]
    [InlineData("texture", true)]
    [InlineData("best", true)]
    [InlineData("gatys", false)]
    [InlineData("crowson", false)]
    public void A_CPU_with_AMX_multiplies_in_bfloat16_for_as_many_iterations_as_that_serves(string preset, bool rounds)
    {
        var look = Presets.Find(preset);
        ComputeTuning.Use(CPU, new ComputeSettings());
        Assert.Equal(rounds && MatrixUnit.IsPresent ? ConvolutionPrecision.Bfloat16 : ConvolutionPrecision.Float32,
            ComputeTuning.OnCpu(look.MostIterations()));
        ComputeTuning.Use(CPU, new ComputeSettings(ConvolutionPrecision.Float32));
        Assert.Equal(ConvolutionPrecision.Float32, ComputeTuning.OnCpu(look.MostIterations()));
        Assert.SkipUnless(MatrixUnit.IsPresent, "this processor has no AMX");
        ComputeTuning.Use(CPU, new ComputeSettings(ConvolutionPrecision.Bfloat16));
        Assert.Equal(ConvolutionPrecision.Bfloat16, ComputeTuning.OnCpu(look.MostIterations()));
    }

    [Fact]
    public void Bfloat16_is_refused_where_nothing_is_fast_at_it()
    {
        var settings = new ComputeSettings(ConvolutionPrecision.Bfloat16);
        var refused = Assert.Throws<InvalidInputException>(() => ComputeTuning.Use(new Device(DeviceType.CUDA, 0), settings));
        Assert.StartsWith("ComputeSettings.Precision bfloat16 is for processors with AMX, not for the device cuda:0", refused.Message);
        Assert.SkipWhen(MatrixUnit.IsPresent, "this processor has AMX");
        refused = Assert.Throws<InvalidInputException>(() => ComputeTuning.Use(CPU, settings));
        Assert.StartsWith("ComputeSettings.Precision bfloat16 needs a processor with AMX", refused.Message);
    }

    [Fact]
    public void A_limit_on_instructions_counts_as_no_AMX() => Assert.False(MatrixUnit.Has([null, "AVX2"]));

    [Theory]
    [InlineData(null, true)]
    [InlineData(ConvolutionPrecision.Tf32, true)]
    [InlineData(ConvolutionPrecision.Float32, false)]
    public void Only_convolutions_get_TF32_and_with_it_the_other_order_in_memory(ConvolutionPrecision? precision, bool convolutions)
    {
        var device = new Device(DeviceType.CUDA, 0);
        ComputeTuning.Use(device, new ComputeSettings(precision));
        Assert.Equal((convolutions, false), (backends.cudnn.allow_tf32, backends.cuda.matmul.allow_tf32));
        Assert.Equal(convolutions, ComputeTuning.PrefersChannelsLast(device, ScalarType.Float32));
        Assert.Equal(convolutions ? ConvolutionPrecision.Tf32 : ConvolutionPrecision.Float32,
            ComputeTuning.PrecisionOn(device, new ComputeSettings(precision), iterations: 1));
    }

    [Fact]
    public void The_CPU_has_no_cuDNN()
    {
        var refused = Assert.Throws<InvalidInputException>(() => ComputeTuning.Use(CPU, new ComputeSettings(Search: true)));
        Assert.Equal("ComputeSettings.Search has no effect on the device cpu, which has no cuDNN; leave it out, or give "
            + "RunSettings.Device cuda", refused.Message);
    }

    [Fact]
    public void Libtorch_is_told_to_let_cuDNN_search_and_not_to()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the names of libtorch's functions were tried on Linux only");
        foreach (var search in (bool[])[true, false])
        {
            ComputeTuning.Use(new Device(DeviceType.CUDA, 0), new ComputeSettings(Search: search));
            Assert.Equal((search, !search), (LibtorchSwitches.Searches(), LibtorchSwitches.Repeats()));
        }
    }

    [Fact]
    public void Nothing_is_recorded_on_the_CPU()
    {
        using var network = new VggNetwork(TinyNetworks.Random(), new NetworkOptions());
        using var objective = ObjectiveBuilder.Build(network, TinyNetworks.Picture(32, 48, 1), [TinyNetworks.Picture(40, 32, 2)], [1],
            new StyleSettings());
        using var evaluator = RecordedEvaluator.OfWholePictures(network, objective, 32 * 48);
        Assert.IsType<WholeImageEvaluator>(evaluator);
    }

    [Theory]
    [InlineData(PaddingMode.Replicate)]
    [InlineData(PaddingMode.Reflect)]
    [InlineData(PaddingMode.Circular)]
    public void Padding_of_slices_is_libtorchs_padding_with_its_gradient(PaddingMode padding)
    {
        using var scope = NewDisposeScope();
        var (usual, usualGradient) = Around(sliced: false);
        var (slices, slicesGradient) = Around(sliced: true);
        Assert.Equal(usual, slices);
        Assert.Equal(0, (usualGradient - slicesGradient).abs().max().ToDouble(), 1e-6);

        (Tensor, Tensor) Around(bool sliced)
        {
            using var generator = new Generator(3);
            var x = rand([1, 2, 5, 7], generator: generator).requires_grad_();
            var padded = padding.Around(x, first: true, sliced);
            Assert.Equal([1L, 2, 7, 9], padded.shape);
            return (padded.detach(), autograd.grad([(padded * arange(padded.numel()).view(padded.shape)).sum()], [x])[0]);
        }
    }

    [Fact]
    public void A_recorded_evaluation_has_the_bytes_of_one_that_is_not()
    {
        Assert.SkipUnless(cuda.is_available() && CudaGraph.CanRecord, "there is no CUDA device");
        ComputeTuning.Use(device("cuda:0"), new ComputeSettings());
        using var scope = NewDisposeScope();
        using var network = new VggNetwork(TinyNetworks.Random(), new NetworkOptions(), device("cuda:0"));
        var content = TinyNetworks.Picture(32, 48, 1).cuda();
        using var objective = ObjectiveBuilder.Build(network, content, [TinyNetworks.Picture(40, 32, 2).cuda()], [1], new StyleSettings());
        using var whole = new WholeImageEvaluator(network, objective);
        using var recorded = RecordedEvaluator.OfWholePictures(network, objective, 32 * 48);
        Assert.IsType<RecordedEvaluator>(recorded);
        for (var i = 0; i < 4; i++)
        {
            var picture = TinyNetworks.Picture(32, 48, 10 + i).cuda();
            var (once, again) = (whole.Evaluate(picture), recorded.Evaluate(picture));
            Assert.Equal(once.ReadTotal(), again.ReadTotal());
            Assert.Equal(once.Gradient, again.Gradient);
        }
    }

    [Fact]
    public void Channels_last_is_an_order_in_memory_and_no_other_tensor()
    {
        using var scope = NewDisposeScope();
        var plain = arange(2 * 3 * 4 * 5, ScalarType.Float32).view(2, 3, 4, 5);
        var turned = ComputeTuning.ChannelsLast(plain);
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

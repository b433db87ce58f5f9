using NeuralStyle.Tests.Infra;
using NeuralStyle.Vgg;
using NeuralStyle.Weights;

namespace NeuralStyle.Tests.Weights;

/// <summary>Networks get the right colours whatever their files are called and their layers are named: their values tell.</summary>
public sealed class ColourTests : IDisposable
{
    private const int Filters = 64;

    private static readonly int[] Positions = [0, 2, 5, 7, 10, 12, 14, 16, 19, 21, 23, 25, 28, 30, 32, 34];

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(0, ChannelOrder.Bgr, "caffe-bgr")]
    [InlineData(0, ChannelOrder.Rgb, "caffe-rgb")]
    [InlineData(1, ChannelOrder.Rgb, "torchvision")]
    [InlineData(2, ChannelOrder.Rgb, "torchvision")]
    public void A_known_training_is_recognised_under_any_names_and_any_file_name(int training, ChannelOrder order, string expected)
    {
        foreach (var scheme in new[] { "features", "conv1_1_W", "conv1_1.weight" })
        {
            foreach (var file in new[] { "w.npz", "vgg19-dcbb9e9d.pth", "vgg19-d01eb7cb.pth" })
            {
                var inspection = Inspect(Network(training, order), scheme, file);
                Assert.Equal(expected, PreprocessingNames.NameOf(inspection.Preprocessing));
                Assert.False(inspection.IsPreprocessingGuessed);
                Assert.Contains(KnownFilters.All[training].Name, inspection.PreprocessingReason);
            }
        }
    }

    [Theory, CombinatorialColours]
    public void It_is_recognised_when_saved_in_half_precision_and_when_most_filters_were_pruned(int training, ChannelOrder order, bool half,
        int kept)
    {
        var network = Network(training, order);
        var first = network[0];
        var random = new Random(7);
        var filters = KnownFilters.All[training].Filters.Select(filter => filter.Index)
            .Order()
            .Take(kept)
            .Concat(Enumerable.Range(0, 10))
            .Distinct()
            .OrderBy(_ => random.Next())
            .ToArray();
        network[0] = first with { OutChannels = filters.Length,
            Kernel = filters.SelectMany(o => first.Kernel[(o * 27)..((o + 1) * 27)]).ToArray(),
            Bias = filters.Select(o => first.Bias[o]).ToArray() };
        network[1] = Random(new VggLayer(1, 2), 8, filters.Length, 0.05f, 5);
        var expected = WithOrder(KnownFilters.All[training].Preprocessing, order);
        Assert.Equal(expected, Inspect(network[..2], "features", "w.npz", half ? "<f2" : "<f4").Preprocessing);
    }

    [Theory]
    [InlineData(0.01f, 0.01f, 255f)] // normalised activations: kernel and bias shrink together, and pictures stay the same
    [InlineData(255f, 1f, 1f)] // pictures in 0 to 1: the kernel grew alone
    [InlineData(1f, 1f, 255f)]
    public void A_rescaled_first_layer_gives_the_range_of_its_pictures(float kernelFactor, float biasFactor, float range)
    {
        var network = Network(0, ChannelOrder.Bgr);
        network[0] = network[0] with { Kernel = network[0].Kernel.Select(value => value * kernelFactor).ToArray(),
            Bias = network[0].Bias.Select(value => value * biasFactor).ToArray() };
        var inspection = Inspect(network, "features", "w.npz");
        Assert.Equal(range, inspection.Preprocessing.Range, 1e-3f);
        Assert.Equal(103.939f * range / 255, inspection.Preprocessing.Mean[0], 1e-3f);
        Assert.Equal(ChannelOrder.Bgr, inspection.Preprocessing.Order);
    }

    [Fact]
    public void Kernels_with_rows_and_columns_exchanged_are_turned_back()
    {
        var network = Network(0, ChannelOrder.Rgb);
        var turned = network.Select(c => c with { Kernel = (float[])c.Kernel.Clone() }).ToArray();
        foreach (var convolution in turned) WeightsFolding.Transpose(convolution.Kernel);
        Save(turned, "conv1_1_W", "w.npz", "<f4");
        var actual = WeightsFile.Load(_folder["w.npz"]);
        SmallVgg.AssertSame(new VggWeights("", "", network, Preprocessing.CaffeRgb, null), actual);
        Assert.Contains("rows and columns exchanged", WeightsFile.Inspect(_folder["w.npz"]).PreprocessingReason);
    }

    [Theory]
    [InlineData("features", 0.52f, "caffe-bgr", "its kernels are small")]
    [InlineData("features", 1.3f, "torchvision", "usual for files")]
    [InlineData("conv1_1_W", 1.3f, "torchvision", "its kernels are large")]
    [InlineData("conv1_1_W", 0.52f, "caffe-rgb", "usual for files")]
    public void Of_an_unknown_training_the_size_of_kernels_tells_the_range_and_the_guess_is_said(string scheme, float norm, string expected,
        string reason)
    {
        var inspection = Inspect(Unknown(norm), scheme, "w.npz");
        Assert.Equal(expected, PreprocessingNames.NameOf(inspection.Preprocessing));
        Assert.StartsWith(reason, inspection.PreprocessingReason);
        Assert.True(inspection.IsPreprocessingGuessed);
    }

    [Fact]
    public void The_name_of_a_file_is_a_guess_too()
    {
        var inspection = Inspect(Unknown(1), "features", "vgg19-d01eb7cb.pth");
        Assert.Equal(("caffe-bgr", true), (PreprocessingNames.NameOf(inspection.Preprocessing), inspection.IsPreprocessingGuessed));
    }

    [Fact]
    public void What_a_file_or_the_user_says_is_no_guess_and_wins()
    {
        var network = new VggWeights("", "", Network(1, ChannelOrder.Rgb), Preprocessing.CaffeBgr, null);
        NpzWriter.Write(_folder["w.npz"], network);
        Assert.Equal((Preprocessing.CaffeBgr, false),
            (WeightsFile.Inspect(_folder["w.npz"]).Preprocessing, WeightsFile.Inspect(_folder["w.npz"]).IsPreprocessingGuessed));
        Assert.Equal(Preprocessing.CaffeRgb,
            WeightsFile.Load(_folder["w.npz"], new WeightsOverrides(Preprocessing.CaffeRgb)).Preprocessing);
    }

    [Fact]
    public void The_true_VGG_19_is_known_under_the_names_of_torchvision_and_its_activations_show_what_a_wrong_guess_would_do()
    {
        var vgg = WeightsFile.Load(SharedData.Require("weights", "vgg19.npz"));
        Assert.Equal(Preprocessing.CaffeRgb, vgg.Preprocessing);
        var bgr = vgg.Convolutions.Select((c, i) => i == 0 ? c with { Kernel = Flip(c.Kernel) } : c).ToArray();
        Assert.Equal(Preprocessing.CaffeBgr, Inspect(bgr, "features", "renamed.npz", "<f2").Preprocessing);
        var normalised = WeightsFile.Inspect(SharedData.Require("weights", "vgg19_conv3_1.npz"));
        Assert.Equal((Preprocessing.CaffeRgb, false), (normalised.Preprocessing, normalised.IsPreprocessingGuessed));
        var small = vgg with { Convolutions = vgg.Convolutions.Take(3).ToArray() };
        var right = ActivationCheck.Run(small)[^1].Mean;
        var wrong = ActivationCheck.Run(small with { Preprocessing = Preprocessing.Torchvision })[^1].Mean;
        Assert.True(right > 20 * wrong, $"{right} and {wrong}"); // pictures sixty times too dark
    }

    private static float[] Flip(float[] kernel)
    {
        var flipped = new float[kernel.Length];
        for (var i = 0; i < kernel.Length; i++) flipped[i / 27 * 27 + (2 - i / 9 % 3) * 9 + i % 9] = kernel[i];
        return flipped;
    }

    private static Preprocessing WithOrder(Preprocessing rgb, ChannelOrder order) =>
        order == ChannelOrder.Rgb
            ? rgb
            : rgb with { Order = order, Mean = rgb.Mean.Reverse().ToArray(),
                StandardDeviation = rgb.StandardDeviation.Reverse().ToArray() };

    // The known filters where they belong, random ones elsewhere.
    private static ConvolutionWeights[] Network(int training, ChannelOrder order)
    {
        var first = Random(new VggLayer(1, 1), Filters, 3, 0.15f, 3);
        Array.Fill(first.Bias, 0.2f);
        foreach (var filter in KnownFilters.All[training].Filters)
        {
            for (var i = 0; i < 27; i++) first.Kernel[filter.Index * 27 + i] = filter.Thousandths[i] / 1000f;
            first.Bias[filter.Index] = filter.Bias ?? 0.2f;
        }
        if (order == ChannelOrder.Bgr) first = first with { Kernel = Flip(first.Kernel) };
        return [first, Random(new VggLayer(1, 2), 5, Filters, 0.05f, 4)];
    }

    // Filters of a given norm from block 2 on.
    private static ConvolutionWeights[] Unknown(float norm)
    {
        List<ConvolutionWeights> network = [Random(new VggLayer(1, 1), 20, 3, 0.3f, 1)];
        foreach (var layer in new[] { new VggLayer(1, 2), new VggLayer(2, 1), new VggLayer(2, 2), new VggLayer(3, 1) })
            network.Add(Random(layer, 20, 20, norm / MathF.Sqrt(180) * MathF.Sqrt(3), network.Count));
        return [.. network];
    }

    private static ConvolutionWeights Random(VggLayer layer, int outChannels, int inChannels, float range, int seed)
    {
        var random = new Random(seed);
        float[] Values(int count) => Enumerable.Range(0, count).Select(_ => range * (2 * random.NextSingle() - 1)).ToArray();
        return new ConvolutionWeights(layer, outChannels, inChannels, Values(outChannels * inChannels * 9), Values(outChannels));
    }

    private WeightsInspection Inspect(ConvolutionWeights[] network, string scheme, string file, string descr = "<f4")
    {
        Save(network, scheme, file, descr);
        return WeightsFile.Inspect(_folder[file]);
    }

    private void Save(ConvolutionWeights[] network, string scheme, string file, string descr)
    {
        var builder = new NpzBuilder(descr);
        foreach (var c in network)
        {
            var position = Positions[Array.IndexOf(network, c)];
            var (kernel, bias) = scheme switch
            {
                "features" => ($"features.{position}.weight", $"features.{position}.bias"),
                "conv1_1_W" => ($"{c.Layer.ConvolutionName}_W", $"{c.Layer.ConvolutionName}_b"),
                _ => ($"{c.Layer.ConvolutionName}.weight", $"{c.Layer.ConvolutionName}.bias"),
            };
            builder.Add(kernel, [c.OutChannels, c.InChannels, 3, 3], c.Kernel).Add(bias, [c.OutChannels], c.Bias);
        }
        builder.Save(_folder[file]);
    }

    private sealed class CombinatorialColoursAttribute : Xunit.v3.DataAttribute
    {
        public override ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(System.Reflection.MethodInfo testMethod,
            Xunit.Sdk.DisposalTracker disposalTracker) =>
            ValueTask.FromResult<IReadOnlyCollection<ITheoryDataRow>>((
                from training in new[] { 0, 1, 2 }
                from order in Enum.GetValues<ChannelOrder>()
                from half in new[] { false, true }
                from kept in new[] { 2, 5 }
                select (ITheoryDataRow)new TheoryDataRow(training, order, half, kept)).ToArray());

        public override bool SupportsDiscoveryEnumeration() => true;
    }
}

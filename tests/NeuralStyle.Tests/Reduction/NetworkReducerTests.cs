using NeuralStyle.Reduction;
using NeuralStyle.Vgg;
using TorchSharp;
using static TorchSharp.torch;

namespace NeuralStyle.Tests.Reduction;

public class NetworkReducerTests
{
    private static readonly int[] s_same = [4, 6, 8];

    [Fact]
    public void With_all_channels_kept_the_reduced_network_answers_like_its_teacher()
    {
        var teacher = TinyNetworks.Random(s_same);
        var reduced = Reduce(teacher, new ReductionSettings { Widths = s_same });
        Assert.All(reduced.Errors, error => Assert.InRange(error.HeldOut, 0, 1e-4));
        AssertAlike(teacher, reduced.Weights, tolerance: 0.02);
    }

    [Fact]
    public void With_fewer_channels_each_layer_stays_near_the_channels_that_it_stands_for()
    {
        var reduced = Reduce(TinyNetworks.Random([8, 12, 16]), new ReductionSettings { Widths = [6, 8, 10] });
        int[] expected = [6, 6, 8, 8, 10, 10, 10, 10];
        Assert.Equal(expected, reduced.Weights.Convolutions.Select(convolution => convolution.OutChannels));
        Assert.Equal(expected, reduced.Errors.Select(error => error.Channels));
        Assert.All(reduced.Errors, error => Assert.InRange(error.HeldOut, 0, 0.3));
        Assert.True(reduced.Errors[0].HeldOut < 1e-6, "the first layer sees the picture itself, so its channels are exact");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(12)]
    public void The_same_pictures_give_the_same_network(int steps)
    {
        var settings = new ReductionSettings { Widths = [3, 4], RefinementSteps = steps };
        VggWeights Make() => Reduce(TinyNetworks.Random([4, 6]), settings).Weights;
        Assert.Equal(Make().Convolutions.SelectMany(convolution => convolution.Kernel),
            Make().Convolutions.SelectMany(convolution => convolution.Kernel));
    }

    [Theory]
    [InlineData(new[] { 8 }, new[] { 5 })]
    [InlineData(new[] { 8, 12 }, new[] { 5, 7 })]
    [InlineData(new[] { 8, 12, 16 }, new[] { 6, 8, 10 })]
    public void Training_brings_the_last_blocks_nearer_to_the_teacher_and_leaves_the_others(int[] of, int[] widths)
    {
        var settings = new ReductionSettings { Widths = widths };
        var (alone, trained) = (Reduce(TinyNetworks.Random(of), settings),
            Reduce(TinyNetworks.Random(of), settings with { RefinementSteps = 80 }));
        foreach (var (before, after) in alone.Errors.Zip(trained.Errors).Where(pair => pair.First.Layer.Block < widths.Length - 1))
            Assert.Equal(before, after);
        double Sum(ReducedNetwork network, Func<LayerError, double> of) =>
            network.Errors.Where(error => error.Layer.Block >= widths.Length - 1).Sum(of);
        Assert.InRange(Sum(trained, error => error.Fitted), 0, 0.97 * Sum(alone, error => error.Fitted));
        Assert.InRange(Sum(trained, error => error.HeldOut), 0, Sum(alone, error => error.HeldOut));
        Assert.Equal(alone.Weights.Convolutions[0].Kernel.Length, trained.Weights.Convolutions[0].Kernel.Length);
    }

    [Fact]
    public void A_teacher_that_takes_blue_first_gives_a_network_that_takes_red_first_and_answers_alike()
    {
        var teacher = TinyNetworks.Random(s_same,
            preprocessing: new Preprocessing(ChannelOrder.Bgr, 1, [0.3f, 0.4f, 0.5f], [0.5f, 0.4f, 0.3f]));
        var reduced = Reduce(teacher, new ReductionSettings { Widths = s_same }).Weights;
        Assert.Equal(new Preprocessing(ChannelOrder.Rgb, 1, [0.5f, 0.4f, 0.3f], [0.3f, 0.4f, 0.5f]), reduced.Preprocessing);
        AssertAlike(teacher, reduced, tolerance: 0.02);
    }

    [Fact]
    public void The_padding_of_the_teacher_is_kept_and_noted()
    {
        var reflecting = TinyNetworks.Random([4, 6]) with { Padding = PaddingMode.Reflect };
        Assert.Equal(PaddingMode.Reflect, Reduce(reflecting, new ReductionSettings { Widths = [4, 6] }).Weights.Padding);
    }

    [Fact]
    public void Channels_that_repeat_others_are_not_chosen()
    {
        using var scope = NewDisposeScope();
        var independent = randn(3, 1000, float64);
        var channels = cat([independent, independent * 2, independent[0].unsqueeze(0) + independent[1]]); // the last four add nothing new
        var chosen = ChannelChoice.Choose(channels.cov(), 3);
        Assert.Equal(3, linalg.matrix_rank(channels.index_select(0, tensor(chosen.Select(c => (long)c).ToArray()))).item<long>());
    }

    [Theory]
    [InlineData(new[] { 4, 6, 8, 8, 8, 8 }, "1 to 5")]
    [InlineData(new int[0], "1 to 5")]
    [InlineData(new[] { 4, 7 }, "the width of block 2 is 7; expected 1 to 6")]
    [InlineData(new[] { 0 }, "the width of block 1 is 0; expected 1 to 4")]
    public void Widths_that_do_not_fit_are_refused(int[] widths, string message)
    {
        var failure = Assert.Throws<InvalidInputException>(() => Reduce(TinyNetworks.Random(), new ReductionSettings { Widths = widths }));
        Assert.Contains(message, failure.Message);
    }

    [Fact]
    public void Too_few_pictures_for_the_unknowns_are_refused_with_the_number_needed()
    {
        var failure = Assert.Throws<InvalidInputException>(() =>
            Reduce(TinyNetworks.Random(), new ReductionSettings { Widths = [4, 6, 8, 8, 8] }, count: 11));
        Assert.Contains("10 pictures and 1 held out are too few", failure.Message);
        Assert.Contains("at least 19", failure.Message); // 9 · 8 + 1 unknowns, 2 × 2 positions each
    }

    [Fact]
    public void Layers_that_do_not_chain_are_refused()
    {
        var broken = TinyNetworks.Random([4]);
        broken = broken with { Convolutions = [broken.Convolutions[1]] };
        var failure = Assert.Throws<InvalidInputException>(() => Reduce(broken, new ReductionSettings { Widths = [2] }));
        Assert.Contains("do not chain: conv1_2 takes 4 channels, 3 arrive", failure.Message);
    }

    [Fact]
    public void Cancelling_ends_the_work_and_leaves_no_file()
    {
        using var folder = new TempFolder();
        using var stop = new CancellationTokenSource();
        var settings = new ReductionSettings { Widths = [4, 6], WorkFolder = folder.Root };
        Assert.Throws<OperationCanceledException>(() => NetworkReducer.Reduce(
            TinyNetworks.Random([4, 6]), new SmallPictures(), settings, new Stop(stop, at: "relu2_1"), stop.Token));
        Assert.Empty(Directory.GetFileSystemEntries(folder.Root));
    }

    private static ReducedNetwork Reduce(VggWeights teacher, ReductionSettings settings, int count = 60) =>
        NetworkReducer.Reduce(teacher, new SmallPictures(count), settings, token: TestContext.Current.CancellationToken);

    private static void AssertAlike(VggWeights teacher, VggWeights reduced, double tolerance)
    {
        using var scope = NewDisposeScope();
        var options = new NetworkOptions(Padding: PaddingMode.Replicate);
        using VggNetwork large = new(teacher, options), small = new(reduced, options);
        var image = TinyNetworks.Picture(32, 32, seed: 99);
        foreach (var (layer, expected) in large.Forward(image, [.. large.Layers]))
        {
            var distance = (small.Forward(image, [layer])[layer] - expected).norm().item<float>() / expected.norm().item<float>();
            Assert.True(distance < tolerance, $"{layer}: {distance}");
        }
    }

    private sealed class Stop(CancellationTokenSource source, string at) : IProgress<ReductionProgress>
    {
        public void Report(ReductionProgress value)
        {
            if (value.Stage == at) source.Cancel();
        }
    }

    private sealed class SmallPictures(int count = 60) : ISamplePictures
    {
        public int Count => count;

        public int HeldOut => count / 10;

        public int Size => 32;

        public Tensor Load(int index) => TinyNetworks.Picture(32, 32, index);
    }
}

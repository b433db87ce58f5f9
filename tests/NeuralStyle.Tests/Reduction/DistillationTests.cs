using NeuralStyle.Reduction;
using NeuralStyle.Reduction.Distilling;
using NeuralStyle.Vgg;
using TorchSharp;
using static TorchSharp.torch;

namespace NeuralStyle.Tests.Reduction;

public sealed class DistillationTests
{
    private static readonly DistillationSettings s_settings = new() { Steps = 30, Batch = 4, Window = 48, LearningRate = 0.01 };

    [Fact]
    public void Training_brings_the_layers_nearer_to_the_teacher_and_the_same_seed_gives_the_same_bytes()
    {
        var teacher = TinyNetworks.Random([8, 12, 16]);
        var student = NetworkReducer.Reduce(teacher, new SmallPictures(), new ReductionSettings { Widths = [6, 8, 10] },
            token: TestContext.Current.CancellationToken).Weights;
        List<DistillationProgress> reports = [];
        var refined = Run(student, teacher, s_settings, new Listener(reports));
        Assert.Equal(8, refined.Layers.Count);
        Assert.True(refined.Layers.Sum(layer => layer.After) < 0.95 * refined.Layers.Sum(layer => layer.Before), Text(refined));
        Assert.Equal((30, 30), reports.Where(report => report.Loss is not null).Select(report => (report.Step, report.Steps)).Single());
        Assert.Equal((student.Preprocessing, student.Padding), (refined.Weights.Preprocessing, refined.Weights.Padding));
        float[] Values(DistilledNetwork network) =>
            [.. network.Weights.Convolutions.SelectMany(convolution => convolution.Kernel.Concat(convolution.Bias))];
        Assert.Equal(Values(refined), Values(Run(student, teacher, s_settings)));
        Assert.NotEqual(Values(refined), Values(Run(student, teacher, s_settings with { Seed = 1, Steps = 3 })));
    }

    [Fact]
    public void The_channels_that_were_kept_are_found_again_whatever_the_order_of_the_colours()
    {
        var teacher = TinyNetworks.Random([8],
            preprocessing: new Preprocessing(ChannelOrder.Bgr, 1, [0.3f, 0.4f, 0.5f], [0.5f, 0.4f, 0.3f]));
        var student = teacher.InRgbOrder() with { Convolutions = [Only(teacher.InRgbOrder().Convolutions[0], 1, 2, 4, 7)] };
        var refined = Run(student, teacher, s_settings with { Steps = 1, LearningRate = 0 });
        Assert.InRange(refined.Layers[0].Before, 0, 1e-10);
        Assert.Equal((4, 8), (refined.Layers[0].Channels, refined.Layers[0].TeacherChannels));
        Assert.Equal(student.Convolutions[0].Kernel, refined.Weights.Convolutions[0].Kernel);
    }

    [Theory]
    [InlineData(0, 3, 4)]
    [InlineData(1, 2, 5)]
    public void A_match_is_ascending_and_indifferent_to_the_strength_of_channels(params int[] kept)
    {
        using var scope = NewDisposeScope();
        var random = new Random(3);
        var teacher = tensor(Enumerable.Range(0, 6 * 64).Select(_ => random.NextSingle()).ToArray(), [1, 6, 8, 8]);
        teacher[0, 2].mul_(1e-3); // nearly silent
        var student = teacher.index_select(1, tensor(kept.Select(channel => (long)channel).ToArray())) * 0.9;
        var match = new ChannelMatch(new VggLayer(1, 1), kept.Length, 6, CPU);
        match.Add(student, teacher);
        Assert.Equal(kept, match.Find("student", "teacher"));
    }

    [Fact]
    public void A_stranger_is_refused()
    {
        var refused = Assert.Throws<InvalidInputException>(() => Run(TinyNetworks.Random([6, 8], seed: 5), TinyNetworks.Random([8, 12]),
            s_settings));
        Assert.Contains("was not reduced from 'tiny'", refused.Message);
    }

    [Fact]
    public void A_student_that_is_wider_or_deeper_than_the_teacher_is_refused()
    {
        string Message(int[] student, int[] teacher) => Assert.Throws<InvalidInputException>(() =>
            Run(TinyNetworks.Random(student), TinyNetworks.Random(teacher), s_settings)).Message;
        Assert.Contains("conv1_1 has 9 channels in 'tiny' and 8 in the teacher", Message([9], [8]));
        Assert.Contains("the teacher 'tiny' has no layer relu2_1", Message([4, 4], [8]));
    }

    [Fact]
    public void No_tensor_is_left_of_a_step()
    {
        var teacher = TinyNetworks.Random([4], [1]);
        List<long> tensors = [];
        Run(teacher, teacher, s_settings with { Steps = 3 * Distillation.ReportEvery, Batch = 1, Window = 16 },
            new Counter(() => tensors.Add(DisposeScopeManager.Statistics.ThreadTotalLiveCount)));
        Assert.Equal(tensors[^2], tensors[^1]);
    }

    [Fact]
    public void Cancelling_ends_the_work()
    {
        using var stop = new CancellationTokenSource();
        var teacher = TinyNetworks.Random([4]);
        Assert.Throws<OperationCanceledException>(() => Distillation.Run(teacher, teacher, () => new SmallPictures(), s_settings,
            new Listener([], stop), stop.Token));
    }

    private static DistilledNetwork Run(VggWeights student, VggWeights teacher, DistillationSettings settings,
        IProgress<DistillationProgress>? progress = null) =>
        Distillation.Run(student, teacher, () => new SmallPictures(), settings, progress, TestContext.Current.CancellationToken);

    private static ConvolutionWeights Only(ConvolutionWeights from, params int[] channels)
    {
        var each = 9 * from.InChannels;
        return new ConvolutionWeights(from.Layer, channels.Length, from.InChannels,
            [.. channels.SelectMany(channel => from.Kernel.Skip(channel * each).Take(each))],
            [.. channels.Select(channel => from.Bias[channel])]);
    }

    private static string Text(DistilledNetwork network) =>
        string.Join(", ", network.Layers.Select(layer => $"{layer.Layer} {layer.Before} to {layer.After}"));

    /// <summary>Keeps reports; stops the work when training begins.</summary>
    private sealed class Listener(List<DistillationProgress> reports, CancellationTokenSource? stop = null)
        : IProgress<DistillationProgress>
    {
        public void Report(DistillationProgress value)
        {
            reports.Add(value);
            if (value.Stage == "training") stop?.Cancel();
        }
    }

    private sealed class Counter(Action count) : IProgress<DistillationProgress>
    {
        public void Report(DistillationProgress value)
        {
            if (value.Loss is not null) count();
        }
    }

    private sealed class SmallPictures : ISamplePictures
    {
        public int Count => 60;

        public int HeldOut => 6;

        public int Size => 64;

        public Tensor Load(int index) => TinyNetworks.Picture(64, 64, index);
    }
}

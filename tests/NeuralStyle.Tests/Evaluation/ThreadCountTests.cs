using System.Runtime.InteropServices;
using NeuralStyle.Evaluation;
using NeuralStyle.Losses;
using NeuralStyle.Matching;
using NeuralStyle.Optimization;
using NeuralStyle.Runtime.Native;
using NeuralStyle.Settings;
using NeuralStyle.Vgg;
using TorchSharp;
using static TorchSharp.torch;

namespace NeuralStyle.Tests.Evaluation;

/// <summary>Pictures after some iterations are the same, bit by bit, on any number of threads.</summary>
public sealed class ThreadCountTests
{
    private const int Iterations = 3;

    public static TheoryData<StyleLossKind> StyleLosses { get; } = [.. Enum.GetValues<StyleLossKind>()];

    [Theory]
    [MemberData(nameof(StyleLosses))]
    public void Of_every_style_loss(StyleLossKind kind) => Check(new StyleSettings { StyleLoss = kind });

    [Theory]
    [InlineData(ContentLossKind.Gatys)]
    [InlineData(ContentLossKind.SelfSimilarity)]
    public void Of_every_kind_of_content_loss(ContentLossKind kind) => Check(new StyleSettings { ContentLoss = kind });

    [Theory]
    [InlineData(Pooling.Average, PaddingMode.Zero)]
    [InlineData(Pooling.Max, PaddingMode.Reflect)]
    [InlineData(Pooling.Max, PaddingMode.Circular)]
    public void Of_every_pooling_and_padding(Pooling pooling, PaddingMode padding) =>
        Check(new StyleSettings(), new NetworkOptions(pooling, padding));

    [Fact]
    public void Of_Adam() => Check(new StyleSettings(), optimizer: () => new Adam(0.02));

    private static void Check(StyleSettings settings, NetworkOptions? options = null, Func<IOptimizer>? optimizer = null)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture == Architecture.X64,
            "the library for matrix products promises this for x64 only, and nst asks for it on Linux");
        using var network = new VggNetwork(TinyNetworks.Random([32, 32, 32, 32, 32]), options ?? new NetworkOptions());
        Assert.SkipUnless(network.IsFused || MathLibrary.FixesOrderOfSums, "MKL promises this on Intel's processors only");
        var before = get_num_threads();
        try
        {
            var pictures = new[] { 1, 2, 5 }.Select(threads =>
            {
                set_num_threads(threads);
                using var scope = NewDisposeScope();
                return Picture(network, settings, optimizer?.Invoke() ?? new Lbfgs());
            }).ToArray();
            Assert.All(pictures, picture => Assert.Equal(pictures[0], picture));
        }
        finally
        {
            set_num_threads(before);
        }
    }

    private static float[] Picture(VggNetwork network, StyleSettings settings, IOptimizer optimizer)
    {
        using var owned = optimizer;
        var (content, style) = (TinyNetworks.Picture(144, 112, 1), TinyNetworks.Picture(96, 128, 2));
        using var objective = MatchedObjective.Build(network, content, [style], [1], settings, content);
        using var evaluator = new WholeImageEvaluator(network, objective);
        var image = TinyNetworks.Picture(144, 112, 5);
        for (var i = 0; i < Iterations; i++) owned.Step(image, evaluator.Evaluate).Dispose();
        return image.data<float>().ToArray();
    }
}

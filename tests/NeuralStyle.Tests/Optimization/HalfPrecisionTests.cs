using NeuralStyle.Evaluation;
using NeuralStyle.Optimization;
using NeuralStyle.Runtime;
using NeuralStyle.Settings;
using NeuralStyle.Vgg;
using NeuralStyle.Weights.BuiltIn;
using static TorchSharp.torch;

namespace NeuralStyle.Tests.Optimization;

/// <summary>A run of many iterations: alone and undisturbed, as <see cref="ManagedMemory"/> says why.</summary>
public sealed class HalfPrecisionTests
{
    [Fact]
    public void A_picture_painted_with_moments_in_half_precision_is_as_good()
    {
        using var scope = NewDisposeScope();
        using var network = new VggNetwork(BuiltInNetwork.Create(), new NetworkOptions(NeuralStyle.Vgg.Pooling.Max, PaddingMode.Replicate));
        var content = TinyNetworks.Picture(96, 72, 1);
        using var objective = ObjectiveBuilder.Build(network, content, [TinyNetworks.Picture(80, 90, 2)], [1], new StyleSettings());
        using var evaluator = new WholeImageEvaluator(network, objective);
        double After(bool half)
        {
            var image = content.clone();
            using var optimizer = new Adam(0.02, range: (0, 1), half: half);
            for (var i = 0; i < 100; i++)
            {
                using var quiet = ManagedMemory.Undisturbed();
                optimizer.Step(image, evaluator.Evaluate).Dispose();
            }
            return evaluator.Evaluate(image).ReadTotal();
        }
        var (whole, half) = (After(half: false), After(half: true));
        TestContext.Current.TestOutputHelper?.WriteLine(FormattableString.Invariant($"float32 {whole}, half {half}, ratio {half / whole}"));
        Assert.InRange(half / whole, 0.99, 1.01);
    }
}

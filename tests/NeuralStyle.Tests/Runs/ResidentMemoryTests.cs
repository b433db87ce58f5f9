using System.Diagnostics;
using NeuralStyle.Imaging;
using NeuralStyle.Runs;
using NeuralStyle.Settings;
using TorchSharp;
using NeuralStyle.Tests.Infra;

namespace NeuralStyle.Tests.Runs;

[Collection(Apart.Collection), Trait(Apart.Trait, Apart.Value)]
public sealed class ResidentMemoryTests
{
    [Theory]
    [InlineData(OptimizerKind.Adam)]
    [InlineData(OptimizerKind.Lbfgs)]
    public void Memory_is_flat_over_iterations(OptimizerKind optimizer)
    {
        using var content = TinyNetworks.Picture(64, 48, 1);
        using var style = TinyNetworks.Picture(80, 64, 2);
        var settings = new StyleSettings { Size = 64, MinimumSize = 64, FirstIterations = 120, Optimizer = optimizer, History = 5 };
        var watch = new Watch();
        using var result = StyleTransfer.Run(new StyleInputs(PictureSource.Of(content), [PictureSource.Of(style)]), TinyNetworks.Random(),
            settings,
            new RunSettings { Progress = watch }, TestContext.Current.CancellationToken);
        var (early, late) = (watch.Seen[30], watch.Seen[120]);
        Assert.Equal(early.Tensors, late.Tensors);
        Assert.InRange(late.Resident - early.Resident, long.MinValue, 8L << 20);
    }

    private sealed class Watch : IProgress<RunProgress>
    {
        public Dictionary<int, (long Tensors, long Resident)> Seen { get; } = [];

        public void Report(RunProgress value)
        {
            if (value.Iteration is not (30 or 120)) return;
            GC.Collect();
            GC.WaitForPendingFinalizers();
            using var process = Process.GetCurrentProcess();
            Seen[value.Iteration] = (DisposeScopeManager.Statistics.ThreadTotalLiveCount, process.WorkingSet64);
        }
    }
}

using NeuralStyle.Runtime.Native;
using TorchSharp;

namespace NeuralStyle.Tests.Runtime.Native;

/// <summary>With the real program: InstalledTorchTests of the command line.</summary>
public sealed class InstalledTorchTests
{
    [Fact]
    public void The_version_that_is_asked_for_is_the_one_that_TorchSharp_is_compiled_against() =>
        Assert.StartsWith(InstalledTorch.Version + ".", torch.__version__, StringComparison.Ordinal);
}

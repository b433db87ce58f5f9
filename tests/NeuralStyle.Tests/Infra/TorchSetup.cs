using System.Runtime.CompilerServices;
using NeuralStyle.Runtime;

namespace NeuralStyle.Tests.Infra;

internal static class TorchSetup
{
    // Two threads whatever the machine: sums are then taken in the same order everywhere.
#pragma warning disable CA2255 // a test assembly is the application here: libtorch must be loadable before the first test's first tensor
    [ModuleInitializer]
    public static void Initialize() => TorchRuntime.Initialize(threads: 2);
#pragma warning restore CA2255
}

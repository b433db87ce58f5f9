using System.Reflection;
using NeuralStyle.Benchmarks.Gpu;
using NeuralStyle.Benchmarks.Quality;
using NeuralStyle.Benchmarks.Runs;
using NeuralStyle.Benchmarks.Speed;
using NeuralStyle.Benchmarks.Tiles;
using NeuralStyle.Runtime.Native;

return args switch
{
    ["quality", .. var rest] => QualityArguments.Run(rest),
    ["speed", .. var rest] when DeviceOptions.AreIn(rest) => OnChosenLibtorch(typeof(DeviceCommand), rest),
    ["speed", .. var rest] => SpeedCommand.Run(rest),
    ["tiles", .. var rest] => TilesCommand.Run(rest),
    [TilesCommand.Child, .. var rest] => TilesChild.Run(rest),
    ["runs", .. var rest] => RunsCommand.Run(rest),
    [SpeedCommand.ChildName, .. var rest] => SpeedChild.Run(rest),
    [DeviceChild.Name, .. var rest] => OnChosenLibtorch(typeof(DeviceChild), rest),
    _ => Usage(),
};

static int OnChosenLibtorch(Type command, string[] args) => // that of NST_LIBTORCH, where it is set
    (int)(LibtorchContext.Twin(command) ?? command).GetMethod("Run")!.Invoke(null, BindingFlags.DoNotWrapExceptions, null, [args], null)!;

static int Usage()
{
    Console.Error.WriteLine($"usage: NeuralStyle.Benchmarks quality … | speed [--sizes 256,512,1024] [--rounds 3] [--json FILE] | tiles … | runs … | speed --device …\n{DeviceOptions.Usage}");
    return 2;
}

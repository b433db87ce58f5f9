using System.Reflection;
using NeuralStyle.Benchmarks;
using NeuralStyle.Benchmarks.Gpu;
using NeuralStyle.Runtime.Native;

if (args is not [DeviceOptions.Name or DeviceChild.Name, ..]) return BenchmarkCommands.Run(args);

// with the libtorch of NST_LIBTORCH, where it is set
var commands = LibtorchContext.Twin(typeof(BenchmarkCommands)) ?? typeof(BenchmarkCommands);
return (int)commands.GetMethod(nameof(BenchmarkCommands.Run))!.Invoke(null, BindingFlags.DoNotWrapExceptions, null, [args], null)!;

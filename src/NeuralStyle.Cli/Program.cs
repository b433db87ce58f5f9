using NeuralStyle.Cli;
using NeuralStyle.Cli.Jobs;
using NeuralStyle.Runtime.Native;

var streams = new StandardStreams();
return streams.Judge(await (LibtorchContext.Twin(typeof(NstProgram)) is { } twin
    ? (Task<int>)twin.GetMethod(nameof(NstProgram.RunAsync))!.Invoke(null, [args, Console.Out, Console.Error])!
    : NstProgram.RunAsync(args, Console.Out, Console.Error)));

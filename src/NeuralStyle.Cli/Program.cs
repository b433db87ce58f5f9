using NeuralStyle.Cli;
using NeuralStyle.Runtime.Native;

return await (LibtorchContext.Twin(typeof(NstProgram)) is { } twin
    ? (Task<int>)twin.GetMethod(nameof(NstProgram.RunAsync))!.Invoke(null, [args, Console.Out, Console.Error])!
    : NstProgram.RunAsync(args, Console.Out, Console.Error));

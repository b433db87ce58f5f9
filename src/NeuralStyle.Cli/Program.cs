using NeuralStyle.Cli;

return await NstProgram.RunAsync(args, Console.Out, Console.Error);

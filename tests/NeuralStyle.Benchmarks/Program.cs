using NeuralStyle.Benchmarks.Quality;

return args is ["quality", .. var rest] ? QualityArguments.Run(rest) : Usage();

static int Usage()
{
    Console.Error.WriteLine("usage: NeuralStyle.Benchmarks quality …");
    return 2;
}

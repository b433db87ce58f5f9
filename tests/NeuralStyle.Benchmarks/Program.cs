using NeuralStyle.Benchmarks.Quality;
using NeuralStyle.Benchmarks.Speed;
using NeuralStyle.Benchmarks.Tiles;

return args switch
{
    ["quality", .. var rest] => QualityArguments.Run(rest),
    ["speed", .. var rest] => SpeedCommand.Run(rest),
    ["tiles", .. var rest] => TilesCommand.Run(rest),
    [TilesCommand.Child, .. var rest] => TilesChild.Run(rest),
    [SpeedCommand.Child, .. var rest] => SpeedChild.Run(rest),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("usage: NeuralStyle.Benchmarks quality … | speed [--sizes 256,512,1024] [--rounds 3] [--json FILE] | tiles …");
    return 2;
}

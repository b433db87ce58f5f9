using System.CommandLine;
using System.Globalization;
using NeuralStyle.Benchmarks.Speed;
using NeuralStyle.Imaging;
using static NeuralStyle.Benchmarks.CommandLine;

namespace NeuralStyle.Benchmarks.Tiles;

/// <summary>One way to evaluate pictures of a size.</summary>
/// <param name="Name">For the table.</param>
/// <param name="TilePixels">The largest tile with its halo; 0 takes the picture whole.</param>
/// <param name="Keep">Tiles whose forward pass is kept for the second pass.</param>
/// <param name="Split">Whether the network is cut into two sections.</param>
internal sealed record TilesWay(string Name, long TilePixels, int Keep = 0, bool Split = false)
{
    /// <summary>Reads <c>1000000</c>, with <c>k</c> and <c>s</c> after it.</summary>
    public static TilesWay Parse(string text)
    {
        var pixels = long.Parse(text.TrimEnd('k', 's'), CultureInfo.InvariantCulture);
        var (keep, split) = (text.Contains('k'), text.Contains('s'));
        var name = FormattableString.Invariant($"tiles of {pixels / 1e6:0.##} MP{(split ? ", split" : "")}{(keep ? ", kept" : "")}");
        return new TilesWay(name, pixels, keep ? int.MaxValue : 0, split);
    }
}

/// <summary><c>tiles</c>: one evaluation of the whole picture against the same in tiles, alternating, each in its own process.</summary>
internal static class TilesCommand
{
    public const string Child = "tiles-child";

    public static Command Create()
    {
        var weights = Value("--weights", "a weights file; default: VGG-19 at full width with random weights", "", "FILE");
        var sizes = List("--sizes", "1024 is a square, 1024x768 is not", SizeOf, "1024,2048");
        var ways = List("--tile-pixels",
            "pixels of a tile with its halo; a trailing k, as in 1000000k, keeps the forward pass of every tile, "
                + "an s cuts the network into two sections", TilesWay.Parse, "1000000,1000000s,500000,500000s");
        var rounds = Count("--rounds", "processes of each kind at each size", 3);
        var noWhole = new Option<bool>("--no-whole")
        {
            Description = "leave out the whole picture, for sizes that do not fit; ratios are then per megapixel, against the first line",
        };
        var command = new Command("tiles", "one evaluation of the whole picture against the same in tiles")
            .With(weights, sizes, ways, rounds, noWhole);
        command.SetAction(parse => Run(parse.GetValue(weights)!, parse.GetValue(sizes)!, parse.GetValue(rounds),
            parse.GetValue(noWhole) ? parse.GetValue(ways)! : [new TilesWay("whole", 0), .. parse.GetValue(ways)!]));
        return command;
    }

    private static PixelSize SizeOf(string text)
    {
        var sides = text.Split('x').Select(side => int.Parse(side, CultureInfo.InvariantCulture)).ToArray();
        return new PixelSize(sides[0], sides[^1]);
    }

    private static int Run(string weights, IReadOnlyList<PixelSize> sizes, int rounds, IReadOnlyList<TilesWay> ways)
    {
        Print($"{"picture",12} {"",26} {"seconds",8} {"s/MP",7} {"ratio",6} {"peak MB",8}");
        double? first = null; // seconds per megapixel of the first line of all
        foreach (var size in sizes)
        {
            var runs = ways.ToDictionary(way => way, _ => new List<TilesResult>());
            for (var round = 0; round < rounds; round++)
            {
                foreach (var way in ways) runs[way].Add(Start(weights, size, way));
            }
            double? whole = null;
            foreach (var way in ways)
            {
                var seconds = SpeedCommand.Median(runs[way].Select(run => run.Seconds));
                var perMegapixel = seconds / size.Pixels * 1e6;
                if (way.TilePixels == 0) whole = perMegapixel;
                first ??= perMegapixel;
                Print($"{size,12} {way.Name,26} {seconds,8:0.00} {perMegapixel,7:0.00} {
                    perMegapixel / (whole ?? first.Value),6:0.00} {runs[way].Max(run => run.PeakMegabytes),8:0}");
            }
        }
        return 0;
    }

    private static TilesResult Start(string weights, PixelSize size, TilesWay way) =>
        SpeedCommand.RunChild<TilesResult>(Child, weights, $"{size.Width}", $"{size.Height}", $"{way.TilePixels}", $"{way.Keep}",
            way.Split ? "1" : "0");
}

using System.CommandLine;
using NeuralStyle.Cli.Jobs;
using NeuralStyle.Cli.Progress;
using NeuralStyle.Weights;

namespace NeuralStyle.Cli.Commands;

/// <summary><c>nst weights list</c>: the known sources, what is installed, and the network that nst uses by default.</summary>
internal static class WeightsListCommand
{
    public static Command Create(WeightsLocator? locator)
    {
        var command = new Command("list", "list known sources, installed networks and the network that nst uses by default");
        command.SetAction(parse => Print(locator ?? new WeightsLocator(), parse.InvocationConfiguration.Output));
        return command;
    }

    private static void Print(WeightsLocator locator, TextWriter output)
    {
        output.WriteLine("known sources (nst weights fetch NAME):");
        TextTable.Write(output, [["NAME", "NETWORK", "DOWNLOAD", "GOOD FOR"], .. KnownSources.All.Select(Row)]);
        output.WriteLine($"  licence of all: {KnownSource.License}");
        output.WriteLine();
        var installed = WeightsCache.Installed(locator.CacheFolder);
        output.WriteLine($"installed in {Printable.Of(locator.CacheFolder)}:");
        if (installed.Count == 0) output.WriteLine("  nothing");
        else TextTable.Write(output, [["NAME", "SIZE", "NETWORK", "LACKS", "PICTURES"], .. installed.Select(Row)]);
        output.WriteLine();
        var choice = locator.Locate();
        output.WriteLine($"runs use: {Printable.Of(choice.Path ?? "the built-in network")} ({choice.Reason})");
    }

    // A damaged file must not hide the others.
    private static string[] Row(string path)
    {
        var (name, size) = (Path.GetFileNameWithoutExtension(path), TextTable.Size(new FileInfo(path).Length));
        try
        {
            var portrait = NetworkPortrait.Of(WeightsFile.Inspect(path));
            return [name, size, portrait.Network, portrait.Lacks, portrait.Pictures];
        }
        catch (InvalidInputException failure)
        {
            return [name, size, failure.Message, "", ""];
        }
    }

    // Published sizes are rounded, so "about".
    private static string[] Row(KnownSource source)
    {
        var size = TextTable.Size(source.DownloadBytes);
        return [source.Name, source.Network, source.DownloadBytes < source.FileBytes
            ? $"{size} of {TextTable.Size(source.FileBytes)}"
            : size, source.Purpose];
    }
}

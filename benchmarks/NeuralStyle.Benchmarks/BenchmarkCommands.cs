using System.CommandLine;
using NeuralStyle.Benchmarks.Films;
using NeuralStyle.Benchmarks.Gpu;
using NeuralStyle.Benchmarks.Quality;
using NeuralStyle.Benchmarks.Runs;
using NeuralStyle.Benchmarks.Speed;
using NeuralStyle.Benchmarks.Tiles;

namespace NeuralStyle.Benchmarks;

/// <summary>
/// All commands. Those that end with -child are this program started again, so that each measurement has a process of its own.
/// </summary>
public static class BenchmarkCommands
{
    /// <summary>Runs one command line.</summary>
    /// <returns>0; 1 when measuring failed or something is not as it should be; 2 for bad usage or input.</returns>
    public static int Run(string[] args)
    {
        switch (args)
        {
            case [SpeedCommand.ChildName, .. var rest]: return SpeedChild.Run(rest);
            case [TilesCommand.Child, .. var rest]: return TilesChild.Run(rest);
            case [ProfileChild.Name, .. var rest]: return ProfileChild.Run(rest);
            case [DeviceChild.Name, .. var rest]: return DeviceChild.Run(rest);
        }
        var parse = Create().Parse(args);
        if (parse.Errors.Count > 0)
        {
            foreach (var error in parse.Errors) Console.Error.WriteLine(error.Message);
            return 2;
        }
        try
        {
            return parse.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
        }
        catch (InvalidInputException failure)
        {
            Console.Error.WriteLine(failure.Message);
            return 2;
        }
        catch (Exception failure) when (failure is InvalidOperationException or RunFailedException)
        {
            Console.Error.WriteLine(failure.Message);
            return 1;
        }
    }

    /// <summary>The commands and their options.</summary>
    internal static RootCommand Create() => new("Measures nst: its speed, its memory and its pictures.")
    {
        QualityOptions.Create(),
        SpeedCommand.Create(),
        DeviceOptions.Create(),
        TilesCommand.Create(),
        RunsCommand.Create(),
        FilmsCommand.Create(),
    };
}

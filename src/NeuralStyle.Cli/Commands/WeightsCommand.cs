using System.CommandLine;
using NeuralStyle.Weights;

namespace NeuralStyle.Cli.Commands;

/// <summary><c>nst weights …</c>: download, inspect, convert, reduce, refine and verify trained networks.</summary>
internal static class WeightsCommand
{
    /// <summary>Makes the command with its subcommands.</summary>
    /// <param name="locator">Where to look for weights; null means the user's own folders.</param>
    public static Command Create(WeightsLocator? locator = null) => new("weights",
        "download, inspect, convert, reduce, refine and verify trained networks")
    {
        WeightsListCommand.Create(locator),
        WeightsFetchCommand.Create(locator),
        WeightsConvertCommand.Create(locator),
        WeightsReduceCommand.Create(locator),
        WeightsRefineCommand.Create(locator),
        WeightsInspectCommand.Create(locator),
        WeightsVerifyCommand.Create(locator),
    };
}

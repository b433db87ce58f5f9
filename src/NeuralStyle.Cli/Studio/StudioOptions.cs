using System.CommandLine;
using NeuralStyle.Cli.Options;

namespace NeuralStyle.Cli.Studio;

/// <summary>The options of <c>nst studio</c>.</summary>
internal sealed class StudioOptions
{
    public Option<string> Port { get; } = new("--port") { Description = "port of the page; default: a free port", HelpName = "PORT" };

    public Option<bool> NoOpen { get; } = new("--no-open") { Description = "do not open a browser" };

    /// <summary>The options about the machine, as for runs.</summary>
    public RunOptions Run { get; } = new();

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[Port, NoOpen, .. Run.Table.Except([Run.Quiet, Run.Verbose])]) command.Options.Add(option);
    }

    /// <summary>The port; 0 for a free one.</summary>
    /// <exception cref="InvalidInputException">It is no port.</exception>
    public int PortOf(ParseResult parse) => parse.GetValue(Port) is { } text ? Values.InRange(Port.Name, text, 1, 65535) : 0;

    /// <summary>The given options about the machine, as arguments of <c>nst</c> for every run.</summary>
    /// <param name="parse">The command line.</param>
    /// <param name="weights">The file or name of the network; null for the built-in one.</param>
    public IReadOnlyList<string> MachineArguments(ParseResult parse, string? weights)
    {
        var texts = OptionTexts.Of(parse);
        var given = ((Option[])[Run.Preprocessing, Run.Device, Run.Precision, Run.Threads, Run.Memory, Run.Tile])
            .Where(texts.Has).SelectMany(option => (string[])[option.Name, texts[option]!]);
        return
        [
            .. weights is null ? (ReadOnlySpan<string>)[] : [Run.Weights.Name, weights],
            .. given,
            .. parse.GetValue(Run.CudnnBenchmark) ? (ReadOnlySpan<string>)[Run.CudnnBenchmark.Name] : [],
        ];
    }
}

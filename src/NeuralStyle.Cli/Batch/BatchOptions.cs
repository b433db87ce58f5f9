using System.CommandLine;
using System.Globalization;
using NeuralStyle.Cli.Batch.Claims;
using NeuralStyle.Cli.Batch.Inputs;
using NeuralStyle.Cli.Options;

namespace NeuralStyle.Cli.Batch;

/// <summary>Options of <c>nst batch</c> about what to make, where, and in which part.</summary>
internal sealed class BatchOptions
{
    /// <summary>Names textures unless another template is given: there is no content to name.</summary>
    private const string TextureName = "{style}.png";

    private const int LongestStaleAfter = 86_400; // seconds

    public Option<string> Output { get; } = new("--output", "-o")
    {
        Description = "the folder for the results; made when it is not there",
        HelpName = "FOLDER",
    };

    public Option<string> Name { get; } = new("--name")
    {
        Description = "names of the results: {content}, {style} and {index} are filled in; the extension says the format",
        HelpName = "TEMPLATE",
        DefaultValueFactory = _ => NameTemplate.Default,
    };

    public Option<bool> Texture { get; } = new("--texture")
    {
        Description = "make more of each style, without contents: INPUTS are the styles alone",
    };

    public Option<bool> Tileable { get; } = new("--tileable") { Description = "with --texture: the results repeat without seams" };

    public Option<string> Log { get; } = new("--log")
    {
        Description = "a log for each picture, as JSON lines; named below the output folder like results, "
            + "for instance logs/{content}__{style}.jsonl",
        HelpName = "TEMPLATE",
    };

    public Option<bool> Zip { get; } =
        new("--zip") { Description = "the first content with the first style and so on, instead of every pair" };

    public Option<string> Pairs { get; } = new("--pairs")
    {
        Description = "CSV with the columns content, style, output and any option by its name, instead of CONTENTS and STYLES",
        HelpName = "FILE",
    };

    public Option<string> Report { get; } = new("--report")
    {
        Description = "write a contact sheet of all results in one page, with what failed and why",
        HelpName = "FILE.html",
    };

    public Option<bool> Force { get; } = new("--force") { Description = "make pictures again that are up to date" };

    public Option<bool> DryRun { get; } = new("--dry-run")
    {
        Description = "print what would be made: content, style and result, separated by tabs",
    };

    public Option<string> Shard { get; } = new("--shard")
    {
        Description = "do only this part of the plan; auto asks the environment of Slurm or Kubernetes",
        HelpName = "K/N|auto",
    };

    public Option<string> Shards { get; } = new("--shards")
    {
        Description = "number of parts, with --shard auto under Kubernetes",
        HelpName = "N",
    };

    public Option<string> Devices { get; } = new("--devices")
    {
        Description = "one worker on each, for instance cuda:0,cuda:1; default: one on --device",
        HelpName = "LIST",
    };

    public Option<string> StaleAfter { get; } = new("--stale-after")
    {
        Description = "seconds without a sign of life after which another machine's worker counts as dead",
        HelpName = "N",
        DefaultValueFactory = _ => ClaimWatch.DefaultStaleAfter.TotalSeconds.ToString(CultureInfo.InvariantCulture),
    };

    public void AddTo(Command command)
    {
        Option[] all = [Output, Name, Texture, Tileable, Log, Zip, Pairs, Report, Force, DryRun, Shard, Shards, Devices, StaleAfter];
        foreach (var option in all) command.Options.Add(option);
    }

    /// <summary>The template that names results.</summary>
    public NameTemplate NameOf(ParseResult parse) =>
        new(parse.GetValue(Texture) && !OptionTexts.Of(parse).Has(Name) ? TextureName : parse.GetValue(Name)!);

    /// <summary>How long a claim's heartbeat may stand still.</summary>
    public TimeSpan StaleAfterOf(ParseResult parse) =>
        TimeSpan.FromSeconds(Values.InRange(StaleAfter.Name, parse.GetValue(StaleAfter)!, 1, LongestStaleAfter));
}

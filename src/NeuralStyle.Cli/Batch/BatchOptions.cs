using System.CommandLine;
using System.Globalization;
using NeuralStyle.Cli.Batch.Claims;
using NeuralStyle.Cli.Batch.Inputs;
using NeuralStyle.Cli.Options;

namespace NeuralStyle.Cli.Batch;

/// <summary>Options of <c>nst batch</c> about inputs, outputs and parts of a plan.</summary>
internal sealed class BatchOptions
{
    /// <summary>Default template for textures, which have no content.</summary>
    private const string TextureName = "{style}.png";

    private const int LongestStaleAfter = 86_400; // seconds

    public Option<string> Output { get; } = new("--output", "-o")
    {
        Description = "folder for the results; created if missing",
        HelpName = "FOLDER",
    };

    public Option<string> Name { get; } = new("--name")
    {
        Description = "names of the results: {content}, {style} and {index} are replaced; the extension sets the format",
        HelpName = "TEMPLATE",
        DefaultValueFactory = _ => NameTemplate.Default,
    };

    public Option<bool> Texture { get; } = new("--texture")
    {
        Description = "paint a texture of each style; INPUTS are styles only",
    };

    public Option<bool> Tileable { get; } = new("--tileable") { Description = "make the results repeat without seams; needs --texture" };

    public Option<string> Log { get; } = new("--log")
    {
        Description = "write a log for each picture in the output folder, as JSON lines, "
            + "for instance logs/{content}__{style}.jsonl",
        HelpName = "TEMPLATE",
    };

    public Option<bool> Zip { get; } =
        new("--zip") { Description = "pair the first content with the first style and so on, instead of each content with each style" };

    public Option<string> Pairs { get; } = new("--pairs")
    {
        Description = "CSV file with the columns content, style, output and options by name; replaces INPUTS",
        HelpName = "FILE",
    };

    public Option<string> Report { get; } = new("--report")
    {
        Description = "write a contact sheet of all results, with failures and their reasons",
        HelpName = "FILE.html",
    };

    public Option<bool> Force { get; } = new("--force") { Description = "make all pictures, even those that are up to date" };

    public Option<bool> DryRun { get; } = new("--dry-run")
    {
        Description = "only print what would be made: content, style, result and what would become of it, separated by tabs",
    };

    public Option<string> Shard { get; } = new("--shard")
    {
        Description = "do only part K of N; auto: read both from the environment of Slurm or Kubernetes",
        HelpName = "K/N|auto",
    };

    public Option<string> Shards { get; } = new("--shards")
    {
        Description = "number of parts, for --shard auto under Kubernetes",
        HelpName = "N",
    };

    public Option<string> Devices { get; } = new("--devices")
    {
        Description = "devices with one worker each, for instance cuda:0,cuda:1; default: one worker on --device",
        HelpName = "LIST",
    };

    public Option<string> StaleAfter { get; } = new("--stale-after")
    {
        Description = "seconds of silence after which a worker on another machine counts as dead",
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

    /// <summary>The longest time without a heartbeat of a claim.</summary>
    public TimeSpan StaleAfterOf(ParseResult parse) =>
        TimeSpan.FromSeconds(Values.InRange(StaleAfter.Name, parse.GetValue(StaleAfter)!, 1, LongestStaleAfter));
}

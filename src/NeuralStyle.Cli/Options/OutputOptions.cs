using System.CommandLine;
using NeuralStyle.Cli.Jobs;
using NeuralStyle.Settings;

namespace NeuralStyle.Cli.Options;

/// <summary>Options about what is written.</summary>
internal sealed class OutputOptions
{
    public Option<string> Output { get; } = new("--output", "-o") { Description = "the picture to write: .png, .jpg, .webp, .tif or .avif", HelpName = "FILE" };
    public Option<string> BitDepth { get; } = new("--bit-depth") { Description = "bits per channel of PNG and TIFF", HelpName = "8|16", DefaultValueFactory = _ => "8" };
    public Option<string> Quality { get; } = new("--quality") { Description = "of JPEG, WebP and AVIF, 1 to 100", HelpName = "N", DefaultValueFactory = _ => "95" };
    public Option<bool> NoMetadata { get; } = new("--no-metadata") { Description = "do not record in the picture how it was made" };
    public Option<string> SaveEvery { get; } = new("--save-every") { Description = "write an intermediate picture every N iterations", HelpName = "N" };
    public Option<string> Log { get; } = new("--log") { Description = "append every setting and each iteration's losses, as JSON lines", HelpName = "FILE" };

    public Option<string> Report { get; } = new("--report") { Description = "a page about the run, in one file: pictures to compare, loss curves, settings, times, the command", HelpName = "FILE.html" };

    public Option<bool> Show { get; } = new("--show") { Description = "show the picture in the terminal at the end" };
    public Option<string> ShowWay { get; } = new("--show-as") { Description = "the same, in this way", HelpName = string.Join('|', ValueNames.All<ShowAs>()) };

    public IReadOnlyList<Option> Table => [Output, BitDepth, Quality, NoMetadata, SaveEvery, Log, Report, Show, ShowWay];

    /// <summary>How to show the picture at the end; null for not at all.</summary>
    public ShowAs? ShowOf(ParseResult parse) => parse.GetValue(ShowWay) is { } way ? ValueNames.Parse<ShowAs>("--show-as", way) : parse.GetValue(Show) ? ShowAs.Auto : null;

    public void AddTo(Command command)
    {
        foreach (var option in Table) command.Options.Add(option);
    }
}

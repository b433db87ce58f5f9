using System.CommandLine;
using NeuralStyle.Settings;
using NeuralStyle.Vgg;
using NeuralStyle.Weights;

namespace NeuralStyle.Cli.Options;

/// <summary>The options that several of the weights commands have in common.</summary>
internal sealed class WeightsOptions
{
    public Option<string?> Preprocessing { get; } = new("--preprocessing")
    {
        Description = $"how pictures enter the network, against what the file says: {string.Join(", ", PreprocessingNames.All.Select(pair => pair.Name))}",
        HelpName = "NAME",
    };

    public Option<PaddingMode?> Padding { get; } = new("--padding") { Description = "the padding to note in the file", HelpName = string.Join('|', ValueNames.All<PaddingMode>()) };

    public Option<bool> Half { get; } = new("--half") { Description = "write float16: half the size" };

    public void AddTo(Command command)
    {
        command.Options.Add(Preprocessing);
        command.Options.Add(Padding);
        command.Options.Add(Half);
    }

    public WeightsOverrides Bind(ParseResult parse) => new(
        parse.GetValue(Preprocessing) is { } name ? PreprocessingNames.Parse(name) : null,
        parse.GetValue(Padding));
}

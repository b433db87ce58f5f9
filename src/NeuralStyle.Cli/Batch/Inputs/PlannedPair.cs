namespace NeuralStyle.Cli.Batch.Inputs;

/// <summary>One picture of a batch.</summary>
/// <param name="Content">The content picture.</param>
/// <param name="Styles">The style pictures.</param>
/// <param name="Output">Path below the output folder; null to use the template.</param>
/// <param name="Options">Options of this picture only: the option's name and its text.</param>
internal sealed record PlannedPair(string Content, IReadOnlyList<string> Styles, string? Output,
    IReadOnlyDictionary<string, string> Options)
{
    public static PlannedPair Of(string content, string style) => new(content, [style], null, new Dictionary<string, string>());
}

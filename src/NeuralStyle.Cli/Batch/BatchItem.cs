namespace NeuralStyle.Cli.Batch;

/// <summary>One picture of a batch.</summary>
/// <param name="Content">The content picture.</param>
/// <param name="Styles">The style pictures.</param>
/// <param name="Output">Path below the output folder; null leaves it to the template.</param>
/// <param name="Options">Options of this picture alone: the option's name and its text.</param>
internal sealed record PlannedPair(string Content, IReadOnlyList<string> Styles, string? Output, IReadOnlyDictionary<string, string> Options)
{
    public static PlannedPair Of(string content, string style) => new(content, [style], null, new Dictionary<string, string>());
}

/// <summary>One picture of a batch with everything decided.</summary>
/// <param name="Content">The content picture.</param>
/// <param name="Styles">The style pictures.</param>
/// <param name="Name">Path below the output folder.</param>
/// <param name="Options">Every option that decides the picture and was given: the option's name and its text.</param>
internal sealed record BatchItem(string Content, IReadOnlyList<string> Styles, string Name, IReadOnlyDictionary<string, string> Options);

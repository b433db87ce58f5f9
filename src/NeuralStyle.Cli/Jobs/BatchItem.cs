namespace NeuralStyle.Cli.Jobs;

/// <summary>One picture of a batch, with all options resolved.</summary>
/// <param name="Content">The content picture.</param>
/// <param name="Styles">The style pictures.</param>
/// <param name="Name">Path below the output folder.</param>
/// <param name="Options">Every given option that affects the picture: the option's name and its text.</param>
internal sealed record BatchItem(string Content, IReadOnlyList<string> Styles, string Name, IReadOnlyDictionary<string, string> Options);

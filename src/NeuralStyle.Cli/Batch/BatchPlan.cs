using NeuralStyle.Cli.Batch.Inputs;
using NeuralStyle.Cli.Jobs;
using NeuralStyle.Imaging;

namespace NeuralStyle.Cli.Batch;

/// <summary>Plans the pictures of a batch before anything is loaded. Pure functions of lists.</summary>
internal static class BatchPlan
{
    /// <summary>Every content in every style, grouped by style.</summary>
    public static IEnumerable<PlannedPair> EveryPair(IReadOnlyList<string> contents, IReadOnlyList<string> styles) =>
        styles.SelectMany(style => contents.Select(content => PlannedPair.Of(content, style)));

    /// <summary>The first content with the first style, and so on.</summary>
    /// <exception cref="InvalidInputException">The numbers differ.</exception>
    public static IEnumerable<PlannedPair> Zip(IReadOnlyList<string> contents, IReadOnlyList<string> styles) =>
        contents.Count == styles.Count
        ? contents.Zip(styles, PlannedPair.Of)
        : throw new InvalidInputException(
            $"--zip needs as many styles as contents; there are {contents.Count} contents and {styles.Count} styles");

    /// <summary>Gives every pair its output name and its options; its own override the shared ones.</summary>
    /// <param name="pairs">What to make.</param>
    /// <param name="template">Names the outputs that have no name.</param>
    /// <param name="shared">Options of all pairs.</param>
    /// <exception cref="InvalidInputException">
    /// Two pairs have the same output, or an output is not the name of a picture or not in the folder.
    /// </exception>
    public static IReadOnlyList<BatchItem> Name(IEnumerable<PlannedPair> pairs, NameTemplate template,
        IReadOnlyDictionary<string, string> shared)
    {
        var items = pairs.Select((pair, index) => new BatchItem(pair.Content, pair.Styles, pair.Output
            ?? template.Render(pair.Content, pair.Styles, index + 1), Merged(shared, pair.Options))).ToArray();
        foreach (var item in items)
        {
            NameTemplate.CheckInside("the output", item.Name);
            PictureFormat.Of(item.Name);
        }
        RefuseCollisions(items);
        return items;
    }

    /// <summary>The log of each item, below the output folder.</summary>
    /// <exception cref="InvalidInputException">Two items have the same log, or a log has the name of a picture.</exception>
    public static IReadOnlyDictionary<BatchItem, string> NameLogs(IReadOnlyList<BatchItem> items, NameTemplate template)
    {
        var logs = items.Index()
            .ToDictionary(item => item.Item, item => template.Render(item.Item.Content, item.Item.Styles, item.Index + 1));
        if (logs.GroupBy(log => Path.GetFullPath(log.Value), StringComparer.OrdinalIgnoreCase)
            .FirstOrDefault(group => group.Count() > 1) is { } clash)
            throw new InvalidInputException($"--log '{clash.First().Value}' would be written for {clash.Count()} pictures; tell them "
                + $"apart by {{content}}, {{style}} and {{index}}, for instance logs/{{content}}__{{style}}.jsonl");
        if (logs.Values.FirstOrDefault(InputList.IsPicture) is { } picture)
            throw new InvalidInputException(
                $"--log '{picture}' has the name of a picture; expected another extension, for instance .jsonl");
        return logs;
    }

    /// <summary>Outputs must differ by more than case: on some file systems they would be one file.</summary>
    private static void RefuseCollisions(IEnumerable<BatchItem> items)
    {
        if (items.GroupBy(item => Path.GetFullPath(item.Name), StringComparer.OrdinalIgnoreCase)
            .FirstOrDefault(group => group.Count() > 1) is not { } clash) return;
        var (first, second) = (clash.ElementAt(0), clash.ElementAt(1));
        throw new InvalidInputException($"the output '{first.Name}' would be written {clash.Count()} times, for instance from "
            + $"{Sources(first)} and {Sources(second)}; rename inputs, or tell outputs apart by --name with {{content}}, {{style}} and "
            + $"{{index}}");
    }

    private static string Sources(BatchItem item) => $"'{item.Content}' in the style of '{string.Join("|", item.Styles)}'";

    private static Dictionary<string, string> Merged(IReadOnlyDictionary<string, string> shared, IReadOnlyDictionary<string, string> own)
    {
        var all = new Dictionary<string, string>(shared);
        foreach (var (name, text) in own) all[name] = text;
        return all;
    }
}

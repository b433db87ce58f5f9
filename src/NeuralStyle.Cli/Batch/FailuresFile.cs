using System.Globalization;
using NeuralStyle.Cli.Batch.Inputs;
using NeuralStyle.Cli.Jobs;
using NeuralStyle.Cli.Options;
using NeuralStyle.Runtime.Files;

namespace NeuralStyle.Cli.Batch;

/// <summary>The failures of the last run with their reasons, in a form that <c>--pairs</c> reads.</summary>
internal static class FailuresFile
{
    /// <summary>The file's name; each part of a plan has its own.</summary>
    public static string NameFor(Shard shard) =>
        shard.Count == 1 ? "failures.csv" : string.Create(CultureInfo.InvariantCulture, $"failures-{shard.Index + 1}-of-{shard.Count}.csv");

    /// <summary>Whether a file is a list of failures from a batch, which may be replaced.</summary>
    public static bool IsOurs(string path)
    {
        if (!File.Exists(path)) return false;
        var header = File.ReadLines(path).FirstOrDefault() ?? "";
        return header.StartsWith($"{PairsFile.Content},{PairsFile.Style},{PairsFile.Output}", StringComparison.Ordinal)
            && header.EndsWith($",{PairsFile.Error}", StringComparison.Ordinal);
    }

    /// <summary>Writes the file, or removes the one of an earlier run if nothing failed.</summary>
    /// <param name="path">The file.</param>
    /// <param name="failures">The failures.</param>
    /// <param name="names">Knows which options have paths.</param>
    /// <param name="all">Whether every picture was tried; if not, an earlier file may still be valid.</param>
    public static void Update(string path, IReadOnlyCollection<Outcome> failures, PictureOptions names, bool all)
    {
        if (failures.Count == 0 && all && IsOurs(path)) File.Delete(path);
        if (failures.Count > 0) AtomicFile.Write(path, temporary => File.WriteAllText(temporary, Format(failures, names)));
    }

    /// <summary>The text: absolute paths, so that it can be used from any folder, and every option that was given.</summary>
    public static string Format(IReadOnlyCollection<Outcome> failures, PictureOptions names)
    {
        var options = failures.SelectMany(failure => failure.Item.Options.Keys).Distinct().Order(StringComparer.Ordinal).ToArray();
        var header = Csv.Format(
            [PairsFile.Content, PairsFile.Style, PairsFile.Output, .. options.Select(option => option.TrimStart('-')), PairsFile.Error]);
        return header + string.Concat(failures.Select(failure => Csv.Format(
        [
            Path.GetFullPath(failure.Item.Content),
            string.Join(PairsFile.Several, failure.Item.Styles.Select(Path.GetFullPath)),
            failure.Item.Name,
            .. options.Select(option => failure.Item.Options.TryGetValue(option, out var text)
                ? names.Located(option, text, Path.GetFullPath)
                : ""),
            failure.Reason ?? "",
        ])));
    }
}

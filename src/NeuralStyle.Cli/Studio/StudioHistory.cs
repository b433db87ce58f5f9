using NeuralStyle.Imaging;
using NeuralStyle.Runs;

namespace NeuralStyle.Cli.Studio;

/// <summary>A result of the folder.</summary>
/// <param name="Id">As pages name it.</param>
/// <param name="Size">Its size.</param>
/// <param name="Completed">Whether its run reached its end.</param>
/// <param name="Wish">What it fulfils; null if nst did not make it, or its inputs are not in the folder.</param>
internal sealed record StudioResult(string Id, PixelSize Size, bool Completed, Wish? Wish);

/// <summary>The results of the folder with what they record. Thread-safe.</summary>
internal sealed class StudioHistory(StudioFolder folder)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(string Id, DateTime Written, long Length), StudioResult?> _known = [];

    /// <summary>All results, the latest first.</summary>
    public IReadOnlyList<StudioResult> List()
    {
        lock (_gate) return folder.ListResults().Select(Of).OfType<StudioResult>().ToArray();
    }

    private StudioResult? Of(string id)
    {
        if (folder.Find(id) is not { } path) return null;
        var file = new FileInfo(path);
        var key = (id, file.LastWriteTimeUtc, file.Length);
        if (_known.TryGetValue(key, out var known)) return known;
        try
        {
            using var picture = Picture.Load(path);
            var record = picture.Description is { } json ? Read(json) : null;
            var wish = record is null ? null : Wish.Of(record, folder);
            return _known[key] = new StudioResult(id, picture.Size, record?.Completed ?? true, wish);
        }
        catch (InvalidInputException)
        {
            return _known[key] = null; // not a picture, or damaged
        }
    }

    private static RunRecord? Read(string json)
    {
        try
        {
            return RunRecord.FromJson(json);
        }
        catch (InvalidInputException)
        {
            return null; // of another version
        }
    }
}

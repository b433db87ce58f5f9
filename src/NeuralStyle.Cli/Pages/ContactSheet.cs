using NeuralStyle.Cli.Jobs;
using NeuralStyle.Imaging;
using NeuralStyle.Runtime.Files;

namespace NeuralStyle.Cli.Pages;

/// <summary>A picture on the sheet.</summary>
/// <param name="Outcome">Its outcome; null if there is none because the batch was stopped.</param>
/// <param name="Size">The result's size; null without a result.</param>
/// <param name="Thumbnail">The thumbnail of the result; null without a result.</param>
internal sealed record SheetEntry(Outcome? Outcome, PixelSize? Size, EncodedPicture? Thumbnail);

/// <summary>
/// The page of <c>nst batch --report</c>: thumbnails and outcomes of all pictures of the plan. Thread-safe.
/// </summary>
/// <param name="path">The page.</param>
/// <param name="outputFolder">The folder of the results.</param>
internal sealed class ContactSheet(string path, string outputFolder)
{
    private const int ThumbnailSide = 224, ThumbnailQuality = 70; // about 12 kB each
    private const int InputSide = 144;

    private readonly Dictionary<BatchItem, SheetEntry> _entries = [];
    private readonly Lock _gate = new();

    /// <summary>Adds the outcome of a picture, and makes its thumbnail.</summary>
    public void Add(Outcome outcome)
    {
        var entry = outcome.Kind == OutcomeKind.Failed ? new SheetEntry(outcome, null, null) : Shown(outcome);
        lock (_gate) _entries[outcome.Item] = entry;
    }

    /// <summary>Writes the page, under a temporary name first.</summary>
    /// <param name="items">The plan, in its order.</param>
    /// <param name="facts">Facts for the head.</param>
    public void Write(IReadOnlyList<BatchItem> items, SheetFacts facts)
    {
        var page = ContactSheetPage.Render(
            items.Select(item => (item, _entries.GetValueOrDefault(item) ?? new SheetEntry(null, null, null))).ToArray(), facts, Link,
            new ContactGrid(InputShown));
        AtomicFile.Write(path, temporary => File.WriteAllText(temporary, page));
    }

    private string Link(BatchItem item)
    {
        var output = Path.GetFullPath(Path.Combine(outputFolder, item.Name));
        var relative = Path.GetRelativePath(Path.GetDirectoryName(Path.GetFullPath(path))!, output);
        return Path.IsPathRooted(relative) ? new Uri(output).AbsoluteUri : Html.Address(relative); // rooted: on another drive of Windows
    }

    private static EncodedPicture? InputShown(string input)
    {
        try
        {
            using var picture = Picture.Load(input);
            return EncodedPicture.Of(picture, InputSide, ThumbnailQuality);
        }
        catch (Exception failure) when (failure is not OutOfMemoryException) // unreadable: its row says so
        {
            return null;
        }
    }

    private SheetEntry Shown(Outcome outcome)
    {
        try
        {
            using var picture = Picture.Load(Path.Combine(outputFolder, outcome.Item.Name));
            return new SheetEntry(outcome, picture.Size, EncodedPicture.Of(picture, ThumbnailSide, ThumbnailQuality));
        }
        // just removed, or unreadable: a thumbnail must not end the batch
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            return new SheetEntry(outcome, null, null);
        }
    }
}

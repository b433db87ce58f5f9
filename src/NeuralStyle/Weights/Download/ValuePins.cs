using System.Text.Json;
using System.Text.Json.Nodes;
using NeuralStyle.Runtime.Files;

namespace NeuralStyle.Weights.Download;

/// <summary>
/// The hashes of values fetched earlier, by address, kept in <c>values.json</c> beside the weights. For sources whose publisher gives no
/// hash that can be checked: the first download is trusted, and a later difference is refused.
/// </summary>
internal sealed class ValuePins(string folder)
{
    private string FilePath => Path.Combine(folder, "values.json");

    /// <summary>Compares with the hash noted for the address; notes it if there is none.</summary>
    /// <returns>Whether a hash was noted before.</returns>
    /// <exception cref="RunFailedException">The values differ.</exception>
    public bool Check(Uri url, string valuesSha256)
    {
        var pins = Load();
        if (pins[url.AbsoluteUri]?.ToString() is { } earlier)
        {
            return earlier == valuesSha256
                ? true
                : throw new RunFailedException($"the weights at '{url}' are not those fetched earlier (values SHA-256 {valuesSha256}, "
                    + $"earlier {earlier}); nothing was installed. If you trust the new ones, remove the line from '{FilePath}'");
        }
        pins[url.AbsoluteUri] = valuesSha256;
        AtomicFile.Write(FilePath, path => File.WriteAllText(path, pins.ToJsonString(new JsonSerializerOptions { WriteIndented = true })));
        return false;
    }

    private JsonObject Load()
    {
        if (!File.Exists(FilePath)) return [];
        try
        {
            return JsonNode.Parse(File.ReadAllText(FilePath)) as JsonObject ?? throw new JsonException();
        }
        catch (JsonException failure)
        {
            throw new RunFailedException($"'{FilePath}' is damaged; remove it to trust weights again", failure);
        }
    }
}

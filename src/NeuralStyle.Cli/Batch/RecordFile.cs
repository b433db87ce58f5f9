using System.Text.Json;
using NeuralStyle.Cli.Jobs;
using NeuralStyle.Runtime.Files;

namespace NeuralStyle.Cli.Batch;

/// <summary>
/// How a picture was made, in a hidden file beside it, for batches whose pictures are not to say so themselves: what is finished
/// can still be told from what is not.
/// </summary>
internal static class RecordFile
{
    // reads names in any case: older files have capitals
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web);

    private sealed record Content(string OutputSha256, string Record);

    /// <summary>The file of an output.</summary>
    public static string PathOf(string output) => Path.Combine(Path.GetDirectoryName(output) ?? "", $".{Path.GetFileName(output)}.record");

    /// <summary>Notes how an output that is there was made.</summary>
    public static void Write(string output, string record) =>
        AtomicFile.Write(PathOf(output),
            temporary => File.WriteAllText(temporary, JsonSerializer.Serialize(new Content(FilePath.Sha256(output), record), s_json)));

    /// <summary>The record; null when there is none, or the output is another file by now.</summary>
    public static string? TryRead(string output)
    {
        try
        {
            var content = JsonSerializer.Deserialize<Content>(File.ReadAllText(PathOf(output)), s_json);
            return content?.OutputSha256 == FilePath.Sha256(output) ? content.Record : null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }
}

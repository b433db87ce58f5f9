using System.Text.Json;
using NeuralStyle.Cli.Jobs;
using NeuralStyle.Runtime.Files;

namespace NeuralStyle.Cli.Batch;

/// <summary>
/// The record of a picture, in a hidden file next to it, for batches without metadata in pictures: finished pictures
/// can still be recognised.
/// </summary>
internal static class RecordFile
{
    // case-insensitive: older files have capitals
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web);

    private sealed record Content(string OutputSha256, string Record);

    /// <summary>The file of an output.</summary>
    public static string PathOf(string output) => Path.Combine(Path.GetDirectoryName(output) ?? "", $".{Path.GetFileName(output)}.record");

    /// <summary>Writes the record of an existing output.</summary>
    public static void Write(string output, string record) =>
        AtomicFile.Write(PathOf(output),
            temporary => File.WriteAllText(temporary, JsonSerializer.Serialize(new Content(FilePath.Sha256(output), record), s_json)));

    /// <summary>The record; null if there is none, or if the output has changed since.</summary>
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

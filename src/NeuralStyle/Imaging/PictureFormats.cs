namespace NeuralStyle.Imaging;

/// <summary>Which pictures can be read: the one list that folders are searched by and that messages name.</summary>
internal static class PictureFormats
{
    /// <summary>
    /// Extensions of readable pictures, lower case, with the dot. A picture is read by its content whatever its name says.
    /// </summary>
    public static IReadOnlyList<string> Readable { get; } = PictureKind.All.Where(kind => kind.Reader != PictureReader.None)
        .SelectMany(kind => kind.Extensions)
        .Distinct()
        .ToArray();

    /// <summary>
    /// Extensions of pictures, drawings and camera raw files that cannot be read, lower case, with the dot: what to name when a folder is
    /// searched.
    /// </summary>
    public static IReadOnlyList<string> Unreadable { get; } = PictureKind.All.Where(kind => kind.Reader == PictureReader.None)
        .SelectMany(kind => kind.Extensions)
        .Distinct()
        .ToArray();

    /// <summary>Names of the readable formats, for messages.</summary>
    public static string Names { get; } = string.Join(", ", PictureKind.All.Where(kind => kind.Reader != PictureReader.None)
        .Select(kind => kind.Name));

    /// <summary>Whether a file has the name of a picture that can be read.</summary>
    public static bool IsReadable(string path) => Readable.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether a file has the name of a picture that cannot be read.</summary>
    public static bool IsUnreadable(string path) => Unreadable.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);
}

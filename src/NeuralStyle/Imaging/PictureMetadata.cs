using System.Text;
using System.Text.Json;
using NetVips;

namespace NeuralStyle.Imaging;

/// <summary>
/// How a picture was made, written into it where exiftool and <c>vipsheader -a</c> show it: the EXIF ImageDescription (and, in TIFF,
/// the tag of that name), with the tool's name as Software.
/// </summary>
internal static class PictureMetadata
{
    private const string Exif = "exif-ifd0-ImageDescription", Tiff = "image-description", Software = "exif-ifd0-Software";

    /// <summary>Reads the description that nst wrote into a picture.</summary>
    /// <returns>JSON; null when the file is no picture or was not written by nst.</returns>
    public static string? TryRead(string path)
    {
        try
        {
            using var picture = Picture.Load(path);
            return picture.Description;
        }
        catch (InvalidInputException)
        {
            return null;
        }
    }

    /// <summary>The description that nst wrote; null when there is none.</summary>
    internal static string? Of(Image image) =>
        ((string[])[Exif, Tiff])
            .Select(field => image.Contains(field) ? FirstJson(image.Get(field) as string) : null)
            .FirstOrDefault(json => json is not null);

    /// <summary>A copy of a picture with metadata: how it was made, its resolution, and the author of its photograph.</summary>
    internal static Image Describe(Image image, PictureOutput output)
    {
        var author = output.KeepAuthorship ? output.Original?.Authorship : null;
        var ascii = output.Metadata is null ? null : ToAscii(output.Metadata);
        using var printed = image.Copy(xres: output.DpiInForce / 25.4, yres: output.DpiInForce / 25.4); // libvips counts in millimetres
        return printed.Mutate(mutable =>
        {
            mutable.Set(GValue.GStrType, "resolution-unit", "in");
            mutable.Set(GValue.GStrType, "exif-ifd2-ColorSpace", "1"); // sRGB
            if (author is { IsEmpty: false }) mutable.Set(GValue.BlobType, "xmp-data", author.ToXmp());
            if (Authorship.ForExif(author?.Artist) is { } artist) mutable.Set(GValue.GStrType, "exif-ifd0-Artist", artist);
            if (Authorship.ForExif(author?.Copyright) is { } copyright) mutable.Set(GValue.GStrType, "exif-ifd0-Copyright", copyright);
            if (ascii is null) return;
            mutable.Set(GValue.GStrType, Exif, ascii);
            mutable.Set(GValue.GStrType, Tiff, ascii);
            mutable.Set(GValue.GStrType, Software, "nst");
        });
    }

    /// <summary>EXIF text is ASCII: other characters become JSON escapes.</summary>
    private static string ToAscii(string json)
    {
        var text = new StringBuilder(json.Length);
        foreach (var character in json)
        {
            if (char.IsAscii(character)) text.Append(character);
            else text.Append(System.Globalization.CultureInfo.InvariantCulture, $"\\u{(int)character:x4}");
        }
        return text.ToString();
    }

    /// <summary>libvips puts a remark about type and length after EXIF text: only the JSON before it is ours.</summary>
    private static string? FirstJson(string? text)
    {
        if (text is null || !text.StartsWith('{')) return null;
        var bytes = Encoding.UTF8.GetBytes(text);
        try
        {
            var reader = new Utf8JsonReader(bytes, new JsonReaderOptions { AllowMultipleValues = true });
            reader.Read();
            reader.Skip();
            return Encoding.UTF8.GetString(bytes, 0, (int)reader.BytesConsumed);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

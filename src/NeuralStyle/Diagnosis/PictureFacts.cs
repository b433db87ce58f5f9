using ImageMagick;
using NetVips;
using NeuralStyle.Imaging;

namespace NeuralStyle.Diagnosis;

/// <summary>A format of pictures, as it works here.</summary>
/// <param name="Format">Its name.</param>
/// <param name="Reader">The library that reads it.</param>
/// <param name="Reads">Whether it can be read.</param>
/// <param name="Writes">Whether it can be written; null if nst never writes it.</param>
internal sealed record CodecFacts(string Format, PictureReader Reader, bool Reads, bool? Writes);

/// <summary>The libraries that read and write pictures, as they work in a process.</summary>
/// <param name="Error">Why libvips does not load; null if it does.</param>
/// <param name="Libvips">Its version.</param>
/// <param name="Magick">Version of ImageMagick; null if it does not load.</param>
/// <param name="Codecs">Of each format.</param>
internal sealed record PictureLibraryFacts(string? Error, string? Libvips = null, string? Magick = null,
    IReadOnlyList<CodecFacts>? Codecs = null)
{
    private const int Side = 16; // enough for every format

    /// <summary>Loads the libraries, and writes and reads a small picture in each format that nst writes.</summary>
    public static PictureLibraryFacts Try()
    {
        try
        {
            Imaging.Libvips.Prepare();
            var version = $"{NetVips.NetVips.Version(0)}.{NetVips.NetVips.Version(1)}.{NetVips.NetVips.Version(2)}";
            var magick = MagickVersion();
            return new PictureLibraryFacts(null, version, magick, PictureKind.All.Where(kind => kind.Reader != PictureReader.None)
                .Select(kind => kind.Reader == PictureReader.Libvips ? OfLibvips(kind) : OfMagick(kind, magick is not null))
                .ToArray());
        }
        catch (Exception failure) // whatever it is: it is what was asked for
        {
            return new PictureLibraryFacts(TorchFacts.Reason(failure));
        }
    }

    private static CodecFacts OfLibvips(PictureKind kind)
    {
        if (PictureFormat.All.FirstOrDefault(format => format.Extensions.Contains(kind.Extensions[0])) is not { } written)
            return new CodecFacts(kind.Name, kind.Reader, NetVips.NetVips.TypeFind("VipsOperation", "gifload") != 0, null);
        byte[] bytes;
        try
        {
            using var grey = Image.Black(Side, Side, bands: 3);
            using var image = (grey + 127.0).Cast(Enums.BandFormat.Uchar).Copy(interpretation: Enums.Interpretation.Srgb);
            bytes = image.WriteToBuffer(written.Extensions[0]);
        }
        catch (VipsException)
        {
            return new CodecFacts(kind.Name, kind.Reader, Reads: false, Writes: false);
        }
        return new CodecFacts(kind.Name, kind.Reader, Reads(bytes), Writes: true);
    }

    private static bool Reads(byte[] bytes)
    {
        try
        {
            using var image = Image.NewFromBuffer(bytes);
            return Math.Abs(image.ExtractBand(0).Avg() - 127) < 2;
        }
        catch (VipsException)
        {
            return false;
        }
    }

    private static CodecFacts OfMagick(PictureKind kind, bool loads) => new(kind.Name, kind.Reader,
        loads && MagickFormatInfo.Create(MagickPictures.FormatOf(kind)) is { SupportsReading: true }, null);

    private static string? MagickVersion()
    {
        try
        {
            return MagickNET.ImageMagickVersion.Split(' ').ElementAtOrDefault(1) ?? "unknown";
        }
        catch (Exception failure) when (failure is TypeInitializationException or DllNotFoundException or BadImageFormatException)
        {
            return null;
        }
    }
}

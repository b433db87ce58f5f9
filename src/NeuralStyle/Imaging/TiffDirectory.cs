using System.Buffers.Binary;
using System.Text;

namespace NeuralStyle.Imaging;

/// <summary>
/// A directory of a TIFF file (TIFF 6.0, and BigTIFF) or of EXIF data, which has the same form: tags that libvips does not expose, such as
/// which channel is alpha. Pixels are never read here.
/// </summary>
internal sealed class TiffDirectory
{
    public const int SubfileType = 254, BitsPerSample = 258, Photometric = 262, Orientation = 274, SamplesPerPixel = 277,
        Artist = 315, InkSet = 332, ExtraSamples = 338, SampleFormat = 339, Copyright = 33432, DngVersion = 50706;

    private const int MostEntries = 4096, MostValues = 4096, LongestText = 1 << 16;

    private readonly Stream _stream;
    private readonly bool _big, _littleEndian; // BigTIFF; byte order
    private readonly Dictionary<int, (int Type, long Count, long Position)> _entries = [];
    private long _next;

    private TiffDirectory(Stream stream, bool big, bool littleEndian) => (_stream, _big, _littleEndian) = (stream, big, littleEndian);

    /// <summary>Reads the first directory.</summary>
    /// <param name="stream">Begins with the TIFF header; must stay open while values are read.</param>
    /// <returns>Null when it is damaged.</returns>
    public static TiffDirectory? Read(Stream stream)
    {
        try
        {
            Span<byte> header = stackalloc byte[16];
            stream.Position = 0;
            if (stream.ReadAtLeast(header, header.Length, throwOnEndOfStream: false) < 8) return null;
            var little = header[0] == 'I';
            var big = header[little ? 2 : 3] == 43;
            var directory = new TiffDirectory(stream, big, little);
            return directory.Load(big ? (long)directory.U64(header[8..]) : directory.U32(header[4..])) ? directory : null;
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>EXIF data as a stream that begins with its TIFF header.</summary>
    public static MemoryStream OfExif(byte[] data)
    {
        var start = data.AsSpan().StartsWith("Exif\0\0"u8) ? 6 : 0;
        return new MemoryStream(data, start, data.Length - start);
    }

    /// <summary>The directory after this one; null when it is the last.</summary>
    public TiffDirectory? Next()
    {
        if (_next == 0) return null;
        var next = new TiffDirectory(_stream, _big, _littleEndian);
        return next.Load(_next) ? next : null;
    }

    /// <summary>Whether a tag is there.</summary>
    public bool Has(int tag) => _entries.ContainsKey(tag);

    /// <summary>Replaces the first number of a tag.</summary>
    /// <param name="file">The bytes that this directory was read from.</param>
    /// <param name="tag">A tag of 16 or 32 bits that is there.</param>
    /// <param name="value">The number.</param>
    public void Replace(byte[] file, int tag, ushort value)
    {
        var (type, _, position) = _entries[tag];
        var place = file.AsSpan((int)position);
        if (type == 4 && _littleEndian) BinaryPrimitives.WriteUInt32LittleEndian(place, value);
        else if (type == 4) BinaryPrimitives.WriteUInt32BigEndian(place, value);
        else if (_littleEndian) BinaryPrimitives.WriteUInt16LittleEndian(place, value);
        else BinaryPrimitives.WriteUInt16BigEndian(place, value);
    }

    /// <summary>The first number of a tag.</summary>
    public long Number(int tag, long missing) => Numbers(tag) is [var first, ..] ? first : missing;

    /// <summary>The whole numbers of a tag; empty when it is missing or holds something else.</summary>
    public long[] Numbers(int tag)
    {
        if (!_entries.TryGetValue(tag, out var entry) || entry.Count > MostValues) return [];
        var width = entry.Type switch { 1 => 1, 3 => 2, 4 => 4, 16 => 8, _ => 0 };
        var bytes = width == 0 ? null : Bytes(entry.Position, entry.Count * width);
        if (bytes is null) return [];
        return Enumerable.Range(0, (int)entry.Count).Select(i => width switch
        {
            1 => bytes[i],
            2 => U16(bytes.AsSpan(i * 2)),
            4 => U32(bytes.AsSpan(i * 4)),
            _ => (long)U64(bytes.AsSpan(i * 8)),
        }).ToArray();
    }

    /// <summary>The first fraction of a tag; null when it is missing or holds something else.</summary>
    public double? Rational(int tag) =>
        _entries.TryGetValue(tag, out var entry) && entry is { Type: 5, Count: > 0 } && Bytes(entry.Position, 8) is { } bytes
            && U32(bytes.AsSpan(4)) is > 0 and var below ? U32(bytes) / (double)below : null;

    /// <summary>The text of a tag, up to its first zero; null when it is missing or blank.</summary>
    public string? Text(int tag)
    {
        if (!_entries.TryGetValue(tag, out var entry) || entry.Type is not (2 or 129 or 1 or 7)) return null;
        var bytes = Bytes(entry.Position, Math.Min(entry.Count, LongestText));
        if (bytes is null) return null;
        var text = Encoding.UTF8.GetString(bytes).Split('\0')[0].Trim();
        return text.Length == 0 ? null : text;
    }

    private bool Load(long position)
    {
        if (Bytes(position, _big ? 8 : 2) is not { } start) return false;
        var count = _big ? (long)U64(start) : U16(start);
        if (count is <= 0 or > MostEntries) return false;
        var (first, length) = (position + start.Length, _big ? 20 : 12);
        if (Bytes(first, count * length + (_big ? 8 : 4)) is not { } table) return false;
        for (var i = 0; i < count; i++)
        {
            var entry = table.AsSpan(i * length);
            var type = U16(entry[2..]);
            var values = _big ? (long)U64(entry[4..]) : U32(entry[4..]);
            var inline = (long)SizeOf(type) * values <= (_big ? 8 : 4) && values >= 0 && values <= 8;
            var at = inline ? first + (long)i * length + (_big ? 12 : 8) : _big ? (long)U64(entry[12..]) : U32(entry[8..]);
            _entries.TryAdd(U16(entry), (type, values, at));
        }
        var end = table.AsSpan((int)count * length);
        _next = _big ? (long)U64(end) : U32(end);
        return true;
    }

    private static int SizeOf(int type) => type switch { 1 or 2 or 6 or 7 or 129 => 1, 3 or 8 => 2, 4 or 9 or 11 or 13 => 4, _ => 8 };

    private byte[]? Bytes(long position, long count)
    {
        if (position < 0 || count < 0 || position > _stream.Length - count) return null;
        var bytes = new byte[count];
        _stream.Position = position;
        return _stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) == bytes.Length ? bytes : null;
    }

    private ushort U16(ReadOnlySpan<byte> bytes) =>
        _littleEndian ? BinaryPrimitives.ReadUInt16LittleEndian(bytes) : BinaryPrimitives.ReadUInt16BigEndian(bytes);

    private uint U32(ReadOnlySpan<byte> bytes) =>
        _littleEndian ? BinaryPrimitives.ReadUInt32LittleEndian(bytes) : BinaryPrimitives.ReadUInt32BigEndian(bytes);

    private ulong U64(ReadOnlySpan<byte> bytes) =>
        _littleEndian ? BinaryPrimitives.ReadUInt64LittleEndian(bytes) : BinaryPrimitives.ReadUInt64BigEndian(bytes);
}

using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace NeuralStyle.Tests.Imaging;

/// <summary>An uncompressed TIFF of any kind, written by hand: libvips writes few of the kinds that it meets.</summary>
/// <param name="Bands">Channels of each pixel, interleaved.</param>
/// <param name="Bits">Bits of each channel.</param>
/// <param name="Format">SampleFormat: 1 unsigned, 2 signed, 3 floating point.</param>
/// <param name="Photometric">0 and 1 grey, 2 RGB, 5 CMYK, 8 CIELAB, 9 ICCLAB.</param>
/// <param name="Extra">ExtraSamples: 0 unspecified, 1 premultiplied alpha, 2 alpha.</param>
internal sealed record TestTiff(int Bands, int Bits, int Format, int Photometric, params int[] Extra)
{
    private readonly List<(ushort Tag, ushort Type, int Count, byte[] Value)> _entries = [];

    /// <summary>A plane for each channel, one after the other.</summary>
    public bool Planes { get; init; }

    /// <summary>The orientation's number; null for no tag.</summary>
    public int? Orientation { get; init; }

    /// <summary>Text tags to add, such as 315 (Artist).</summary>
    public IReadOnlyDictionary<ushort, string> Texts { get; init; } = new Dictionary<ushort, string>();

    /// <summary>Numbers to put instead of those that would be written.</summary>
    public IReadOnlyDictionary<ushort, int[]> Instead { get; init; } = new Dictionary<ushort, int[]>();

    /// <summary>The bytes of the file.</summary>
    /// <param name="width">In pixels.</param>
    /// <param name="height">In pixels.</param>
    /// <param name="sample">The number that is stored at x, y in a channel.</param>
    public byte[] Write(int width, int height, Func<int, int, int, double> sample)
    {
        var (planes, together) = Planes ? (Bands, 1) : (1, Bands);
        var row = (width * together * Bits + 7) / 8;
        var data = new byte[row * height * planes];
        for (var y = 0; y < height * planes; y++)
        {
            for (var at = 0; at < width * together; at++)
                Store(data.AsSpan(y * row), at, sample(at / together, y % height, Planes ? y / height : at % Bands));
        }
        _entries.Clear();
        Shorts(256, width);
        Shorts(257, height);
        Shorts(258, [.. Enumerable.Repeat(Bits, Bands)]);
        Shorts(259, 1);
        Shorts(262, Photometric);
        if (Orientation is { } orientation) Shorts(274, orientation);
        Longs(273, [.. Enumerable.Range(0, planes).Select(plane => plane * row * height)]); // from the first: known at the end
        Shorts(277, Bands);
        Longs(278, height);
        Longs(279, [.. Enumerable.Repeat(row * height, planes)]);
        if (Planes) Shorts(284, 2);
        foreach (var (tag, text) in Texts) _entries.Add((tag, 2, text.Length + 1, System.Text.Encoding.UTF8.GetBytes(text + "\0")));
        if (Extra.Length > 0) Shorts(338, Extra);
        Shorts(339, [.. Enumerable.Repeat(Format, Bands)]);
        return Assembled(data);
    }

    private byte[] Assembled(byte[] data)
    {
        _entries.Sort((a, b) => a.Tag.CompareTo(b.Tag));
        var table = 8 + 2 + 12 * _entries.Count + 4;
        var strip = table + _entries.Sum(entry => entry.Value.Length > 4 ? (entry.Value.Length + 1) / 2 * 2 : 0);
        using var file = new MemoryStream();
        using var writer = new BinaryWriter(file);
        writer.Write("II*\0"u8);
        writer.Write(8);
        writer.Write((ushort)_entries.Count);
        var outside = table;
        foreach (var (tag, type, count, value) in _entries)
        {
            writer.Write(tag);
            writer.Write(type);
            writer.Write(count);
            if (tag == 273)
            {
                foreach (ref var position in MemoryMarshal.Cast<byte, int>(value.AsSpan())) position += strip;
            }
            if (value.Length <= 4) writer.Write([.. value, .. new byte[4 - value.Length]]);
            else
            {
                writer.Write(outside);
                outside += (value.Length + 1) / 2 * 2;
            }
        }
        writer.Write(0);
        foreach (var entry in _entries.Where(entry => entry.Value.Length > 4))
            writer.Write([.. entry.Value, .. new byte[entry.Value.Length % 2]]);
        writer.Write(data);
        return file.ToArray();
    }

    private void Shorts(ushort tag, params int[] values)
    {
        values = Instead.GetValueOrDefault(tag, values);
        _entries.Add((tag, 3, values.Length, values.SelectMany(value => BitConverter.GetBytes((ushort)value)).ToArray()));
    }

    private void Longs(ushort tag, params int[] values)
    {
        values = Instead.GetValueOrDefault(tag, values);
        _entries.Add((tag, 4, values.Length, values.SelectMany(BitConverter.GetBytes).ToArray()));
    }

    private void Store(Span<byte> row, int at, double value)
    {
        switch (Bits, Format)
        {
            case (1, _):
                if (value > 0.5) row[at / 8] |= (byte)(0x80 >> at % 8);
                break;
            case (8, 2):
                row[at] = (byte)(sbyte)value;
                break;
            case (8, _):
                row[at] = (byte)value;
                break;
            case (16, 3):
                BinaryPrimitives.WriteHalfLittleEndian(row[(at * 2)..], (Half)value);
                break;
            case (16, _):
                BinaryPrimitives.WriteUInt16LittleEndian(row[(at * 2)..], (ushort)(int)value);
                break;
            case (32, 3):
                BinaryPrimitives.WriteSingleLittleEndian(row[(at * 4)..], (float)value);
                break;
            case (32, _):
                BinaryPrimitives.WriteUInt32LittleEndian(row[(at * 4)..], (uint)(long)value);
                break;
            default:
                BinaryPrimitives.WriteDoubleLittleEndian(row[(at * 8)..], value);
                break;
        }
    }
}

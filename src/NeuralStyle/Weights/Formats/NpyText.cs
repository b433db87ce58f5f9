using System.Globalization;
using System.Text;

namespace NeuralStyle.Weights.Formats;

/// <summary>Text kept in an array: UTF-8 in unsigned bytes, or one NumPy string (<c>U</c> or <c>S</c>).</summary>
internal static class NpyText
{
    private const int MaximumBytes = 1 << 16;

    /// <summary>Reads the text.</summary>
    /// <exception cref="WeightsFormatException">The array holds something else, or far too much.</exception>
    public static string Read(Stream stream)
    {
        var (descr, _, shape) = NpyHeader.Read(stream);
        var kind = descr.Length >= 3 ? descr[1] : '\0';
        var isText = int.TryParse(descr.AsSpan(Math.Min(2, descr.Length)), NumberStyles.None, CultureInfo.InvariantCulture, out var width);
        long count = shape.Aggregate(1L, (product, size) => Math.Min(product * size, MaximumBytes + 1));
        var length = count * width * (kind == 'U' ? 4 : 1);
        if (!isText || kind is not ('u' or 'U' or 'S') || (kind == 'u' ? width != 1 : count != 1) || length > MaximumBytes)
            throw new WeightsFormatException(
                $"its entry '{WeightsMetadata.EntryName}' is not a short text (an array of uint8, or one string)");
        var bytes = new byte[length];
        stream.ReadExactly(bytes);
        var encoding = kind != 'U'
            ? Encoding.UTF8
            : descr[0] == '>'
            ? new UTF32Encoding(bigEndian: true, byteOrderMark: false)
            : Encoding.UTF32;
        return encoding.GetString(bytes).TrimEnd('\0');
    }
}

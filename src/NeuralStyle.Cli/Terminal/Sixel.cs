using System.Globalization;
using System.Text;

namespace NeuralStyle.Cli.Terminal;

/// <summary>
/// A picture as sixel graphics (DEC, "VT330/VT340 Programmer Reference Manual", chapter 14): bands of six rows, one pass for each colour of
/// a band.
/// </summary>
internal static class Sixel
{
    private const int MostColours = 256, BandRows = 6;

    /// <summary>The whole sequence, followed by a new line.</summary>
    /// <param name="pixels">At most 256 colours.</param>
    /// <exception cref="ArgumentException">More colours.</exception>
    public static string Encode(RgbPixels pixels)
    {
        var (width, height) = (pixels.Size.Width, pixels.Size.Height);
        var colours = new Dictionary<(byte Red, byte Green, byte Blue), int>();
        var indices = new int[width * height];
        for (var i = 0; i < indices.Length; i++)
        {
            var colour = pixels[i % width, i / width];
            if (!colours.TryGetValue(colour, out var index)) colours.Add(colour, index = colours.Count);
            indices[i] = index;
        }
        if (colours.Count > MostColours) throw new ArgumentException($"{colours.Count} colours; at most {MostColours}", nameof(pixels));

        var text = new StringBuilder();
        Append(text, $"\eP0;1;0q\"1;1;{width};{height}");
        foreach (var ((red, green, blue), index) in colours) Append(text, $"#{index};2;{Percent(red)};{Percent(green)};{Percent(blue)}");
        for (var top = 0; top < height; top += BandRows)
        {
            if (top > 0) text.Append('-');
            AppendBand(text, indices.AsSpan(top * width, Math.Min(BandRows, height - top) * width), width);
        }
        return text.Append("\e\\\n").ToString();
    }

    private static void AppendBand(StringBuilder text, ReadOnlySpan<int> indices, int width)
    {
        var bits = new SortedDictionary<int, byte[]>(); // by colour: for each column, the pixels of the six that have the colour
        for (var i = 0; i < indices.Length; i++)
        {
            if (!bits.TryGetValue(indices[i], out var columns)) bits.Add(indices[i], columns = new byte[width]);
            columns[i % width] |= (byte)(1 << (i / width));
        }
        var first = true;
        foreach (var (index, columns) in bits)
        {
            Append(text, $"{(first ? "" : "$")}#{index}");
            first = false;
            for (var x = 0; x < width;)
            {
                var run = 1;
                while (x + run < width && columns[x + run] == columns[x]) run++;
                var character = (char)('?' + columns[x]);
                if (run > 3) Append(text, $"!{run}{character}");
                else text.Append(character, run);
                x += run;
            }
        }
    }

    private static int Percent(byte value) => (value * 100 + 127) / 255;

    private static void Append(StringBuilder text, FormattableString piece) => text.Append(piece.ToString(CultureInfo.InvariantCulture));
}

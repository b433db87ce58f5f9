using System.Globalization;
using System.Text;

namespace NeuralStyle.Cli.Terminal;

/// <summary>
/// A picture as characters: each is an upper half block, whose foreground is one pixel and whose background is the pixel below.
/// </summary>
internal static class HalfBlocks
{
    /// <summary>Lines that each end with the colours reset.</summary>
    /// <param name="pixels">One column for each character, two rows for each line.</param>
    /// <param name="trueColour">24-bit colours; else the nearest of the 256 colours of xterm.</param>
    public static string Encode(RgbPixels pixels, bool trueColour)
    {
        var text = new StringBuilder();
        for (var y = 0; y < pixels.Size.Height; y += 2)
        {
            var (above, below) = ("", ""); // written only when colours change, which is rare
            for (var x = 0; x < pixels.Size.Width; x++)
            {
                var top = "3" + Colour(pixels[x, y], trueColour);
                // 49: the terminal's own background
                var bottom = y + 1 < pixels.Size.Height ? "4" + Colour(pixels[x, y + 1], trueColour) : "49";
                if (top != above) text.Append(CultureInfo.InvariantCulture, $"\e[{top}m");
                if (bottom != below) text.Append(CultureInfo.InvariantCulture, $"\e[{bottom}m");
                (above, below) = (top, bottom);
                text.Append('▀');
            }
            text.Append("\e[0m\n");
        }
        return text.ToString();
    }

    private static string Colour((byte Red, byte Green, byte Blue) colour, bool trueColour) => trueColour
        ? string.Create(CultureInfo.InvariantCulture, $"8;2;{colour.Red};{colour.Green};{colour.Blue}")
        : string.Create(CultureInfo.InvariantCulture, $"8;5;{Nearest(colour)}");

    /// <summary>The nearest colour of xterm's palette: of its 6×6×6 cube (16 to 231) or of its 24 greys (232 to 255).</summary>
    internal static int Nearest((byte Red, byte Green, byte Blue) colour)
    {
        var (r, g, b) = (Step(colour.Red), Step(colour.Green), Step(colour.Blue));
        var grey = Math.Clamp((int)Math.Round(((colour.Red + colour.Green + colour.Blue) / 3.0 - 8) / 10), 0, 23);
        return Distance(Level(r), Level(g), Level(b)) <= Distance(8 + 10 * grey, 8 + 10 * grey, 8 + 10 * grey)
            ? 16 + 36 * r + 6 * g + b
            : 232 + grey;

        static int Step(byte value) => value < 48 ? 0 : value < 115 ? 1 : (value - 35) / 40;
        static int Level(int step) => step == 0 ? 0 : 55 + 40 * step;
        int Distance(int red, int green, int blue) =>
            (red - colour.Red) * (red - colour.Red) + (green - colour.Green) * (green - colour.Green) + (blue - colour.Blue)
                * (blue - colour.Blue);
    }
}

using System.Globalization;
using System.Text.RegularExpressions;

namespace NeuralStyle.Cli.Tests.Terminal;

/// <summary>Reads sixel graphics back into pixels, by the manual of the VT330/VT340, chapter 14.</summary>
internal static partial class SixelDecoder
{
    /// <summary>R, G, B by [row, column]; null where nothing was drawn.</summary>
    public static (double Red, double Green, double Blue)?[,] Decode(string text)
    {
        var whole = Whole().Match(text);
        Assert.True(whole.Success, "no sixel sequence");
        var (width, height) = (Number(whole.Groups[1].Value), Number(whole.Groups[2].Value));
        var pixels = new (double, double, double)?[height, width];
        var palette = new Dictionary<int, (double, double, double)>();
        var (x, top, colour) = (0, 0, -1);
        var data = whole.Groups[3].Value;
        for (var position = 0; position < data.Length;)
        {
            var token = Token().Match(data, position);
            Assert.True(token.Success && token.Index == position, $"unknown character '{data[position]}'");
            position += token.Length;
            switch (token.Value[0])
            {
                case '$':
                    x = 0;
                    break;
                case '-':
                    (x, top) = (0, top + 6);
                    break;
                case '#':
                    colour = Number(token.Groups["index"].Value);
                    if (token.Groups["red"].Success)
                        palette[colour] = (Percent(token, "red"), Percent(token, "green"), Percent(token, "blue"));
                    break;
                default:
                    var count = token.Groups["count"].Success ? Number(token.Groups["count"].Value) : 1;
                    Draw(token.Groups["sixel"].Value[0] - '?', count);
                    break;
            }
        }
        return pixels;

        void Draw(int bits, int count)
        {
            for (var end = x + count; x < end; x++)
            {
                for (var row = 0; row < 6; row++)
                {
                    if ((bits >> row & 1) != 0) pixels[top + row, x] = palette[colour];
                }
            }
        }
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private static double Percent(Match token, string group) => Number(token.Groups[group].Value) * 2.55;

    [GeneratedRegex("^\eP[0-9;]*q\"1;1;([0-9]+);([0-9]+)([^\e]*)\e\\\\\n$")]
    private static partial Regex Whole();

    [GeneratedRegex(@"\$|-|#(?<index>\d+)(;2;(?<red>\d+);(?<green>\d+);(?<blue>\d+))?|(!(?<count>\d+))?(?<sixel>[?-~])")]
    private static partial Regex Token();
}

using System.Globalization;
using System.Text;

namespace NeuralStyle.Cli.Terminal;

/// <summary>Pictures that the terminal itself decodes.</summary>
internal static class InlineImages
{
    private const int Chunk = 4096; // the maximum that kitty's protocol allows in one sequence

    /// <summary>Kitty's graphics protocol: a PNG file in chunks, drawn at once, without an answer from the terminal.</summary>
    public static string Kitty(byte[] png, int columns)
    {
        var data = Convert.ToBase64String(png);
        var text = new StringBuilder();
        for (var start = 0; start < data.Length; start += Chunk)
        {
            var more = start + Chunk < data.Length ? 1 : 0;
            var head = start == 0
                ? string.Create(CultureInfo.InvariantCulture, $"a=T,f=100,q=2,c={columns},m={more}")
                : string.Create(CultureInfo.InvariantCulture, $"m={more}");
            text.Append(CultureInfo.InvariantCulture, $"\e_G{head};{data.AsSpan(start, Math.Min(Chunk, data.Length - start))}\e\\");
        }
        return text.Append('\n').ToString();
    }

    /// <summary>iTerm2's inline images.</summary>
    public static string Iterm(byte[] png, int columns) =>
        string.Create(CultureInfo.InvariantCulture,
            $"\e]1337;File=inline=1;size={png.Length};width={columns};preserveAspectRatio=1:{Convert.ToBase64String(png)}\a\n");
}

using System.Globalization;
using System.Text.RegularExpressions;
using NeuralStyle.Cli.Pages;

namespace NeuralStyle.Cli.Tests.Studio;

/// <summary>The palettes of the page, light and dark: text can be read (WCAG 2.2, 1.4.3) and controls can be seen (1.4.11).</summary>
public sealed partial class StudioColoursTests
{
    [Theory]
    [InlineData("ink", "paper", 7)]
    [InlineData("ink", "card", 7)]
    [InlineData("soft", "paper", 4.5)]
    [InlineData("soft", "card", 4.5)]
    [InlineData("accent", "paper", 4.5)]
    [InlineData("accent", "card", 4.5)]
    [InlineData("on", "accent", 4.5)]
    [InlineData("bad", "card", 4.5)]
    [InlineData("edge", "card", 3)]
    [InlineData("edge", "paper", 3)]
    public void Colours_differ_enough(string front, string back, double least)
    {
        foreach (var palette in (IReadOnlyDictionary<string, double>[])[Palette(dark: false), Palette(dark: true)])
        {
            var (light, dark) = (Math.Max(palette[front], palette[back]), Math.Min(palette[front], palette[back]));
            Assert.True((light + 0.05) / (dark + 0.05) >= least, $"{front} on {back}: {(light + 0.05) / (dark + 0.05):0.00}");
        }
    }

    private static Dictionary<string, double> Palette(bool dark)
    {
        var palette = new Dictionary<string, double>();
        foreach (var line in (Page.Resource("page.css") + Page.Resource("studio.css")).Split('\n').Where(line => line.Contains(":root {")))
        {
            if (line.Contains("prefers-color-scheme: dark", StringComparison.Ordinal) && !dark) continue;
            foreach (Match colour in Variables().Matches(line)) palette[colour.Groups[1].Value] = Luminance(colour.Groups[2].Value);
        }
        return palette;
    }

    private static double Luminance(string hex)
    {
        if (hex.Length == 3) hex = string.Concat(hex.Select(digit => $"{digit}{digit}"));
        var linear = Enumerable.Range(0, 3)
            .Select(i => int.Parse(hex.AsSpan(2 * i, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture) / 255.0)
            .Select(value => value <= 0.04045 ? value / 12.92 : Math.Pow((value + 0.055) / 1.055, 2.4)).ToArray();
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
    }

    [GeneratedRegex("--([a-z]+): #([0-9a-f]{3,6});")]
    private static partial Regex Variables();
}

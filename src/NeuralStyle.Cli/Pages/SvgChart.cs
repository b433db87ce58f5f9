using System.Globalization;
using System.Text;

namespace NeuralStyle.Cli.Pages;

/// <summary>A line of a chart.</summary>
/// <param name="Name">Plain text.</param>
/// <param name="Values">One per iteration, or per N iterations; values that are not above 0 are left out.</param>
internal sealed record Series(string Name, IReadOnlyList<double> Values);

/// <summary>A part of the horizontal axis with a name.</summary>
/// <param name="Name">Plain text.</param>
/// <param name="Length">Iterations.</param>
internal sealed record Band(string Name, int Length);

/// <summary>Draws curves over iterations on a logarithmic axis, as SVG without scripts.</summary>
internal static class SvgChart
{
    private const double Width = 860, Height = 300, Left = 64, Right = 12, Top = 26, Bottom = 32;
    private const int MostPoints = 600; // of a line: as many as there are pixels

    /// <summary>Colours that colour-blind people can distinguish (Okabe and Ito 2008), repeated if there are more lines.</summary>
    public static IReadOnlyList<string> Colours { get; } =
        ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#8a8a8a", "#b8ad00"];

    /// <summary>The chart; empty when no value can be drawn.</summary>
    /// <param name="title">Plain text.</param>
    /// <param name="bands">The parts of the horizontal axis, together all iterations.</param>
    /// <param name="series">The lines.</param>
    /// <param name="every">Iterations between two values of a line.</param>
    /// <param name="unit">What the horizontal axis counts.</param>
    public static string Render(string title, IReadOnlyList<Band> bands, IReadOnlyList<Series> series, int every = 1,
        string unit = "iterations")
    {
        var drawn = series.SelectMany(line => line.Values).Where(IsDrawn).ToArray();
        if (drawn.Length == 0) return "";
        var (low, high) = Decades(drawn.Min(), drawn.Max());
        var count = Math.Max(2, (series.Max(line => line.Values.Count) - 1) * every + 1);
        double X(double index) => Left + (Width - Left - Right) * index / (count - 1);
        double Y(double value) => Top + (Height - Top - Bottom) * (high - Math.Log10(value)) / (high - low);

        var svg = new StringBuilder();
        Append(svg, $"<svg class=\"chart\" viewBox=\"0 0 {Width} {Height}\" role=\"img\" aria-label=\"{Html.Text(title)}\">");
        var start = 0;
        foreach (var (index, band) in bands.Index())
        {
            var (from, to) = (X(start), X(Math.Min(count - 1, start + band.Length)));
            var (width, height, middle) = (to - from, Height - Top - Bottom, (from + to) / 2);
            if (index % 2 == 1)
                Append(svg, $"<rect class=\"band\" x=\"{from:0.#}\" y=\"{Top}\" width=\"{width:0.#}\" height=\"{height}\"/>");
            var name = Html.Text(band.Name);
            Append(svg, $"<text class=\"axis\" x=\"{middle:0.#}\" y=\"{Top - 8}\" text-anchor=\"middle\">{name}</text>");
            Append(svg, $"<text class=\"axis\" x=\"{from:0.#}\" y=\"{Height - 12}\" text-anchor=\"middle\">{start}</text>");
            start += band.Length;
        }
        Append(svg, $"<text class=\"axis\" x=\"{Width - Right}\" y=\"{Height - 12}\" text-anchor=\"end\">{start} {unit}</text>");
        foreach (var tick in Ticks(low, high))
        {
            Append(svg, $"<line class=\"grid\" x1=\"{Left}\" x2=\"{Width - Right}\" y1=\"{Y(tick):0.#}\" y2=\"{Y(tick):0.#}\"/>");
            Append(svg, $"<text class=\"axis\" x=\"{Left - 8}\" y=\"{Y(tick) + 4:0.#}\" text-anchor=\"end\">{tick:G3}</text>");
        }
        foreach (var (index, line) in series.Index())
        {
            foreach (var piece in Pieces(line.Values))
            {
                var points = string.Join(' ', piece.Select(point =>
                    string.Create(CultureInfo.InvariantCulture, $"{X((double)point * every):0.#},{Y(line.Values[point]):0.#}")));
                var (colour, name) = (Colours[index % Colours.Count], Html.Text(line.Name));
                Append(svg, $"<polyline fill=\"none\" stroke=\"{colour}\" points=\"{points}\"><title>{name}</title></polyline>");
            }
        }
        return svg.Append("</svg>\n").ToString();
    }

    /// <summary>The colour and name of each line, with its last value.</summary>
    public static string Legend(IReadOnlyList<Series> series)
    {
        var lines = series.Index().Select(line => string.Create(CultureInfo.InvariantCulture,
            $"<li><i style=\"background:{Colours[line.Index % Colours.Count]}\"></i>{Html.Text(line.Item.Name)} "
                + $"<b>{line.Item.Values.LastOrDefault(double.IsFinite):G4}</b></li>"));
        return $"<ul class=\"legend\">{string.Concat(lines)}</ul>\n";
    }

    /// <summary>The indices to draw, in pieces without gaps; of many points the first, the last and every N-th in between.</summary>
    internal static IEnumerable<IReadOnlyList<int>> Pieces(IReadOnlyList<double> values)
    {
        var step = Math.Max(1, values.Count / MostPoints);
        List<int> piece = [];
        for (var i = 0; i < values.Count; i++)
        {
            if (IsDrawn(values[i]) && (i % step == 0 || i == values.Count - 1)) piece.Add(i);
            if (IsDrawn(values[i]) || piece.Count == 0) continue;
            yield return piece;
            piece = [];
        }
        if (piece.Count > 0) yield return piece;
    }

    private static bool IsDrawn(double value) => double.IsFinite(value) && value > 0;

    /// <summary>The range of the axis as exponents; at least half a decade, so that a flat line looks flat.</summary>
    private static (double Low, double High) Decades(double least, double most)
    {
        var (low, high) = (Math.Floor(Math.Log10(least) * 4) / 4, Math.Ceiling(Math.Log10(most) * 4) / 4);
        return high - low < 0.5 ? (low - 0.25, high + 0.25) : (low, high);
    }

    private static IEnumerable<double> Ticks(double low, double high)
    {
        double[] steps = high - low > 2.5 ? [1] : [1, 2, 5];
        var every = Math.Max(1, (int)((high - low) / 8));
        for (var decade = (int)Math.Floor(low); decade <= high; decade += every)
        {
            foreach (var tick in steps.Select(step => step * Math.Pow(10, decade)))
            {
                if (Math.Log10(tick) >= low - 1e-9 && Math.Log10(tick) <= high + 1e-9) yield return tick;
            }
        }
    }

    private static void Append(StringBuilder svg, FormattableString piece) =>
        svg.Append(piece.ToString(CultureInfo.InvariantCulture)).Append('\n');
}

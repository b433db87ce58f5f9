using System.Globalization;
using NeuralStyle.Imaging;
using NeuralStyle.Settings;

namespace NeuralStyle;

/// <summary>The pictures of a run.</summary>
/// <param name="Content">Gives structure and proportions.</param>
/// <param name="Styles">Give colours and strokes.</param>
/// <param name="StyleWeights">One weight for each style; null gives all the same.</param>
/// <param name="Start">The picture to start from when <see cref="StyleSettings.Start"/> is of the kind
/// <see cref="StartKind.File"/>.</param>
/// <param name="ContentMask">Names regions of the content by colour; each takes its style from the regions of that colour.</param>
/// <param name="StyleMasks">
/// One for each style, names its regions by the content mask's colours; null entries let the whole style serve every region.
/// </param>
/// <param name="Protect">White keeps the content as it is, black styles it, grey mixes.</param>
public sealed record StyleInputs(
    PictureSource Content,
    IReadOnlyList<PictureSource> Styles,
    IReadOnlyList<double>? StyleWeights = null,
    PictureSource? Start = null,
    PictureSource? ContentMask = null,
    IReadOnlyList<PictureSource?>? StyleMasks = null,
    PictureSource? Protect = null)
{
    /// <summary>Picture files. They must stay open until the result is saved.</summary>
    public StyleInputs(Picture content, params IReadOnlyList<Picture> styles)
        : this(content.AsSource(), styles.Select(style => style.AsSource()).ToArray())
    {
    }

    /// <summary>Checks what can be checked without looking at pixels.</summary>
    /// <param name="settings">Settings with one value for each style; null when there are none yet.</param>
    /// <exception cref="InvalidInputException">Numbers of styles, weights and masks do not agree, or all weights are 0.</exception>
    internal void Validate(StyleSettings? settings = null)
    {
        if (Styles.Count == 0) throw new InvalidInputException("no style picture was given; name at least one");
        if (settings is { StyleScale.Count: > 1 }) Agree("StyleSettings.StyleScale", settings.StyleScale.Count, "scale");
        if (StyleWeights is { } weights)
        {
            Agree("StyleInputs.StyleWeights", weights.Count, "weight");
            if (weights.Any(weight => !(weight >= 0 && weight <= SettingsLimits.LargestWeight)) || weights.Sum() <= 0)
                throw new InvalidInputException("StyleInputs.StyleWeights: expected numbers of at least 0, not all of them 0");
        }
        if (StyleMasks is { } masks)
        {
            Agree("StyleInputs.StyleMasks", masks.Count, "mask");
            if (ContentMask is null && masks.Any(mask => mask is not null))
                throw new InvalidInputException(
                    "StyleInputs.StyleMasks needs StyleInputs.ContentMask, which says where each region of the style goes; give both");
        }
        if (ContentMask is not null && StyleMasks?.Any(mask => mask is not null) != true)
            throw new InvalidInputException(
                "StyleInputs.ContentMask needs a StyleInputs.StyleMasks, which says where in the style each region takes its look from; "
                + "give both, or use StyleInputs.Protect to leave regions as they are");
    }

    /// <summary>The same pictures, whose decoding a token stops.</summary>
    internal StyleInputs StoppedBy(CancellationToken cancellation) => this with
    {
        Content = Content.StoppedBy(cancellation),
        Styles = Styles.Select(style => style.StoppedBy(cancellation)).ToArray(),
        Start = Start?.StoppedBy(cancellation),
        ContentMask = ContentMask?.StoppedBy(cancellation),
        StyleMasks = StyleMasks?.Select(mask => mask?.StoppedBy(cancellation)).ToArray(),
        Protect = Protect?.StoppedBy(cancellation),
    };

    /// <summary>Fails unless a property gives one value for each style.</summary>
    private void Agree(string property, int count, string noun)
    {
        if (count != Styles.Count)
            throw new InvalidInputException(string.Create(CultureInfo.InvariantCulture,
                $"{property} gives {count} {noun}{(count == 1 ? "" : "s")} for {Styles.Count} style "
                    + $"picture{(Styles.Count == 1 ? "" : "s")}; expected one for each"));
    }
}

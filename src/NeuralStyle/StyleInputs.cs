using System.Globalization;
using NeuralStyle.Imaging;
using NeuralStyle.Settings;

namespace NeuralStyle;

/// <summary>The pictures of a run.</summary>
/// <param name="Content">The picture that gives structure and proportions.</param>
/// <param name="Styles">The pictures that give colours and strokes.</param>
/// <param name="StyleWeights">One weight per style; null for equal weights.</param>
/// <param name="Start">The picture to start from when <see cref="StyleSettings.Start"/> is of the kind
/// <see cref="StartKind.File"/>.</param>
/// <param name="ContentMask">Mask that marks regions of the content by colour; each takes its style from the style regions of that
/// colour.</param>
/// <param name="StyleMasks">
/// One mask per style, which marks its regions by the colours of the content's mask; null entries: every region uses the whole style.
/// </param>
/// <param name="Protect">Mask: white keeps the content, black paints it, grey mixes.</param>
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

    /// <summary>Checks everything that does not need pixels.</summary>
    /// <param name="settings">Settings with one value per style; null if there are none yet.</param>
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
                    "StyleInputs.StyleMasks needs StyleInputs.ContentMask, which marks where each region of the style is used; give both");
        }
        if (ContentMask is not null && StyleMasks?.Any(mask => mask is not null) != true)
            throw new InvalidInputException(
                "StyleInputs.ContentMask needs a StyleInputs.StyleMasks, which marks the part of the style for each region; "
                + "give both, or use StyleInputs.Protect to keep regions unchanged");
    }

    /// <summary>The same pictures, with cancellation of decoding.</summary>
    internal StyleInputs StoppedBy(CancellationToken cancellation) => this with
    {
        Content = Content.StoppedBy(cancellation),
        Styles = Styles.Select(style => style.StoppedBy(cancellation)).ToArray(),
        Start = Start?.StoppedBy(cancellation),
        ContentMask = ContentMask?.StoppedBy(cancellation),
        StyleMasks = StyleMasks?.Select(mask => mask?.StoppedBy(cancellation)).ToArray(),
        Protect = Protect?.StoppedBy(cancellation),
    };

    /// <summary>Fails unless a property has one value per style.</summary>
    private void Agree(string property, int count, string noun)
    {
        if (count != Styles.Count)
            throw new InvalidInputException(string.Create(CultureInfo.InvariantCulture,
                $"{property} gives {count} {noun}{(count == 1 ? "" : "s")} for {Styles.Count} style "
                    + $"picture{(Styles.Count == 1 ? "" : "s")}; expected one for each"));
    }
}

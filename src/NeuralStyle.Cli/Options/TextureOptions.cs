using System.CommandLine;
using NeuralStyle.Settings;
using NeuralStyle.Vgg;

namespace NeuralStyle.Cli.Options;

/// <summary>
/// Textures, <c>--texture STYLE</c>: a picture in a style, without a content. Its content is the style itself, with
/// options by which the content does not count. So it is the same in <c>nst</c>, in a batch, and in the row of a pairs file.
/// </summary>
internal sealed class TextureOptions(JobOptions options)
{
    private const string Preset = "texture";

    /// <summary>The options for a texture, combined with the given ones.</summary>
    /// <param name="given">The given options.</param>
    /// <param name="tileable">Whether the result repeats without seams.</param>
    /// <exception cref="InvalidInputException">An option contradicts textures.</exception>
    public IReadOnlyDictionary<string, string> Of(OptionTexts given, bool tileable)
    {
        var (style, circular) = (options.Style, ValueNames.Of(PaddingMode.Circular));
        foreach (var option in (SettingOption[])
            [style.ContentWeight, style.Photorealism, style.SelfSimilarity, style.Strength, style.Color, style.Detail])
            Refuse(option.Option, "a texture has no content");
        foreach (var option in options.Control.Pictures) Refuse(option, "a texture has one style and no content");
        if (tileable && given[style.Padding.Option] is { } padding && padding != circular)
            throw new InvalidInputException(
                $"--tileable and --padding {padding} were both given; --tileable needs circular padding, leave out --padding");
        if (tileable && given.Has(style.Bleed.Option))
            throw new InvalidInputException(
                "--tileable and --bleed were both given; a picture that repeats has no borders, leave out --bleed");

        var texts = WithoutContent(given, tileable);
        if (!given.Has(style.Preset)) texts[style.Preset.Name] = Preset; // another preset changes the losses and the optimiser
        return texts;

        void Refuse(Option option, string why)
        {
            if (given.Has(option)) throw new InvalidInputException($"--texture and {option.Name} were both given; {why}");
        }
    }

    /// <summary>The error for <c>--tileable</c> without a texture.</summary>
    /// <param name="texture">The option for a texture.</param>
    public static InvalidInputException LoneTileable(string texture) =>
        new($"--tileable needs --texture: a picture with a content does not repeat; leave it out, or give {texture}");

    /// <summary>The options by which the content does not count, except the given ones.</summary>
    /// <param name="given">What was given.</param>
    /// <param name="tileable">Whether the result repeats without seams.</param>
    public Dictionary<string, string> WithoutContent(OptionTexts given, bool tileable)
    {
        var (style, texture) = (options.Style, Presets.Find(Preset));
        var fixedOptions = new Dictionary<Option, string>
        {
            [style.ContentWeight.Option] = "0",
            [style.Photorealism.Option] = "0",
            [style.SelfSimilarity.Option] = "0",
            [style.Detail.Option] = "0",
            [style.Init.Option] = texture.Start.ToString(), // a start from the style itself would leave nothing to paint
        };
        if (tileable) fixedOptions[style.Padding.Option] = ValueNames.Of(PaddingMode.Circular);
        return fixedOptions.Where(option => !given.Has(option.Key)).ToDictionary(option => option.Key.Name, option => option.Value);
    }
}

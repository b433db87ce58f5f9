using System.CommandLine;
using NeuralStyle.Settings;
using NeuralStyle.Vgg;

namespace NeuralStyle.Cli.Options;

/// <summary><c>--texture STYLE</c>: more of a style, without a content; the style gives the proportions.</summary>
/// <param name="Style">The style picture.</param>
/// <param name="Tileable">Whether the result repeats without seams.</param>
internal sealed record TextureRequest(string Style, bool Tileable)
{
    /// <summary>What the command line asks for; null when it is no texture.</summary>
    /// <exception cref="InvalidInputException">Options that contradict each other.</exception>
    public static TextureRequest? From(ParseResult parse, ControlOptions control, string? content)
    {
        var tileable = parse.GetValue(control.Tileable);
        if (parse.GetValue(control.Texture) is not { } style)
            return tileable ? throw new InvalidInputException("--tileable needs --texture: a picture with a content does not repeat; leave it out, or give --texture STYLE") : null;
        if (content is not null) throw new InvalidInputException($"--texture takes no content and no further style, but '{content}' was given; leave one of them out");
        foreach (var option in (Option[])[control.StyleWeights, control.ContentMask, control.StyleMasks, control.Protect])
        {
            if (parse.GetResult(option) is not null) throw new InvalidInputException($"--texture and {option.Name} were both given; a texture has one style and no content");
        }
        return new TextureRequest(style, tileable);
    }

    /// <summary>
    /// The settings: those of the preset <c>texture</c> with the options of the command line over them. Another preset changes the
    /// losses and the optimiser; there is still no content, and the start is noise unless <c>--init</c> says otherwise.
    /// </summary>
    public StyleSettings Bind(ParseResult parse, StyleOptions options)
    {
        foreach (var name in (string[])["--content-weight", "--strength", "--color", "--detail"])
        {
            if (options.Given(parse, name)) throw new InvalidInputException($"--texture and {name} were both given; a texture has no content");
        }
        var settings = options.Bind(parse, Presets.Find("texture"));
        if (Tileable && options.Given(parse, "--padding") && settings.Padding != PaddingMode.Circular)
            throw new InvalidInputException($"--tileable and --padding {ValueNames.Of(settings.Padding!.Value)} were both given; --tileable needs circular padding, leave out --padding");
        if (Tileable && options.Given(parse, "--bleed")) throw new InvalidInputException("--tileable and --bleed were both given; a picture that repeats has no borders, leave out --bleed");
        if (!options.Given(parse, "--init")) settings = settings with { Start = Presets.Find("texture").Start };
        settings = settings with { ContentWeight = 0, Detail = 0, Padding = Tileable ? PaddingMode.Circular : settings.Padding };
        settings.Validate();
        return settings;
    }
}

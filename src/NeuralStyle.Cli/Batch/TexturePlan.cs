using NeuralStyle.Cli.Batch.Inputs;
using NeuralStyle.Settings;
using NeuralStyle.Vgg;

namespace NeuralStyle.Cli.Batch;

/// <summary><c>nst batch --texture STYLES</c>: more of each style. A texture is a pair of a style with itself whose content does not count.</summary>
internal static class TexturePlan
{
    /// <summary>What names results when nothing else is asked for: there is no content to name.</summary>
    public const string Name = "{style}.png";

    private const string Preset = "--preset", ContentWeight = "--content-weight", Detail = "--detail", Padding = "--padding";

    /// <summary>The pairs, with the options that make them textures.</summary>
    /// <param name="styles">The styles.</param>
    /// <param name="tileable">Whether results repeat without seams.</param>
    /// <param name="given">Options of all pictures.</param>
    /// <exception cref="InvalidInputException">An option that contradicts textures.</exception>
    public static IEnumerable<PlannedPair> Of(IReadOnlyList<string> styles, bool tileable, IReadOnlyDictionary<string, string> given)
    {
        foreach (var name in (string[])[ContentWeight, "--strength", "--color", Detail, "--style-weights", "--content-mask", "--style-mask", "--protect"])
        {
            if (given.ContainsKey(name)) throw new InvalidInputException($"--texture and {name} were both given; a texture has one style and no content");
        }
        var circular = ValueNames.Of(PaddingMode.Circular);
        if (tileable && given.TryGetValue(Padding, out var padding) && padding != circular)
            throw new InvalidInputException($"--tileable and --padding {padding} were both given; --tileable needs circular padding, leave out --padding");
        var options = new Dictionary<string, string> { [ContentWeight] = "0", [Detail] = "0" };
        if (!given.ContainsKey(Preset)) options[Preset] = "texture";
        if (tileable) options[Padding] = circular;
        return styles.Select(style => new PlannedPair(style, [style], null, options));
    }
}

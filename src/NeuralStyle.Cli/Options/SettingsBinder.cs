using NeuralStyle.Settings;
using NeuralStyle.Vgg;

namespace NeuralStyle.Cli.Options;

/// <summary>Texts of options → settings. The only place where options are applied and contradictions are refused.</summary>
internal sealed class SettingsBinder(StyleOptions style)
{
    /// <summary>The settings, checked.</summary>
    /// <param name="given">The options that were given.</param>
    /// <param name="start">The settings to start from if no preset is given; null for the default preset.</param>
    /// <exception cref="InvalidInputException">A value is wrong, or an option would have no effect because of another one.</exception>
    public StyleSettings Bind(OptionTexts given, StyleSettings? start = null)
    {
        var settings = given[style.Preset] is { } preset ? Presets.Find(preset) : start ?? Presets.Find("default");
        if (given.Has(style.StyleScale.Option)) settings = settings with { StyleSize = null }; // the given scale replaces a recorded size
        foreach (var option in style.Table)
        {
            if (given[option.Option] is { } text) settings = option.Apply(settings, text);
        }
        RefuseContradictions(given, settings);
        settings.Validate();
        return settings;
    }

    private void RefuseContradictions(OptionTexts given, StyleSettings settings)
    {
        bool Has(SettingOption option) => given.Has(option.Option);
        string Whose(SettingOption option) => Has(option) ? "" : $", as preset '{settings.Preset}' has it";

        if (Has(style.StyleSize) && Has(style.StyleScale))
            throw new InvalidInputException("--style-size and --style-scale were both given; give one of them");
        var noiseByStrength = settings.Start == StartImage.Auto && settings.Strength > StrengthCurve.Neutral;
        if (Has(style.Strength) && !settings.WeighsContent && !noiseByStrength)
            throw new InvalidInputException($"--strength has no effect with a content weight of 0{Whose(style.ContentWeight)}; leave out "
                + "--strength, or give --content-weight");
        if (Has(style.History) && settings.Optimizer == OptimizerKind.Adam)
            throw new InvalidInputException($"--history has no effect with --optimizer adam{Whose(style.Optimizer)}; leave it out");
        if (Has(style.Bleed) && settings.Bleed > 0 && settings.Padding == PaddingMode.Circular)
            throw new InvalidInputException(
                "--bleed has no effect with circular padding, where borders wrap and are like the rest; leave it out");
        if (Has(style.Detail) && settings.Detail > 0 && settings.Start.NoiseOverContent(settings.Strength) == 1)
            throw new InvalidInputException(
                $"--detail has no effect on a run that starts from {settings.Start}, not from the content; leave it out, "
                + "or give --init content");
    }
}

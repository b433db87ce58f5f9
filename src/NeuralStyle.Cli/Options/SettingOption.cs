using System.CommandLine;
using System.CommandLine.Completions;
using System.Globalization;
using NeuralStyle.Settings;

namespace NeuralStyle.Cli.Options;

/// <summary>Headings of the help page.</summary>
internal enum OptionGroup
{
    Style,
    Output,
    Size,
    Control,
    Losses,
    Optimisation,
    Network,
    Run,
}

/// <summary>An option of the command line that sets one property of <see cref="StyleSettings"/>.</summary>
/// <param name="Option">The option; its value is text until it is applied.</param>
/// <param name="Group">Its heading in help.</param>
/// <param name="Default">The default that help shows: the value in the default settings.</param>
/// <param name="Apply">Sets the value.</param>
internal sealed record SettingOption(
    Option<string> Option, OptionGroup Group, Func<StyleSettings, string?> Default, Func<StyleSettings, string, StyleSettings> Apply)
{
    public static SettingOption Text(OptionGroup group, string name, string value, string description,
        Func<StyleSettings, string?> read, Func<StyleSettings, string, StyleSettings> write, params string[] aliases)
    {
        var option = new Option<string>(name, aliases) { Description = description, HelpName = value };
        return new SettingOption(option, group, read, write);
    }

    public static SettingOption Whole(OptionGroup group, string name, string description,
        Func<StyleSettings, int?> read, Func<StyleSettings, int, StyleSettings> write, params string[] aliases) =>
        Text(group, name, "N", description, settings => read(settings)?.ToString(CultureInfo.InvariantCulture),
            (settings, text) => write(settings, Values.Whole(name, text)), aliases);

    public static SettingOption Number(OptionGroup group, string name, string description,
        Func<StyleSettings, double?> read, Func<StyleSettings, double, StyleSettings> write, params string[] aliases) =>
        Text(group, name, "X", description, settings => read(settings)?.ToString("0.####", CultureInfo.InvariantCulture),
            (settings, text) => write(settings, Values.Number(name, text)), aliases);

    public static SettingOption Numbers(OptionGroup group, string name, string description,
        Func<StyleSettings, IReadOnlyList<double>> read, Func<StyleSettings, IReadOnlyList<double>, StyleSettings> write) =>
        Text(group, name, "X[,X…]", description, settings => Values.Join(read(settings)),
            (settings, text) => write(settings, Values.Numbers(name, text)));

    public static SettingOption Choice<T>(OptionGroup group, string name, string description,
        Func<StyleSettings, T?> read, Func<StyleSettings, T, StyleSettings> write) where T : struct, Enum
    {
        var choice = Text(group, name, string.Join('|', ValueNames.All<T>()), description,
            settings => read(settings) is { } value ? ValueNames.Of(value) : null,
            (settings, text) => write(settings, ValueNames.Parse<T>(name, text)));
        choice.Option.CompletionSources.Add(_ => ValueNames.All<T>().Select(value => new CompletionItem(value)));
        return choice;
    }
}

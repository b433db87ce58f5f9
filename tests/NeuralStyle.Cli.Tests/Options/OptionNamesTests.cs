using System.Text.RegularExpressions;
using NeuralStyle.Cli.Jobs;
using NeuralStyle.Cli.Options;
using NeuralStyle.Imaging;
using NeuralStyle.Memory;
using NeuralStyle.Runs.Checkpoints;
using NeuralStyle.Runtime;
using NeuralStyle.Settings;

namespace NeuralStyle.Cli.Tests.Options;

/// <summary>The one table between the properties that the library names and the options that users know.</summary>
public sealed class OptionNamesTests
{
    private static readonly Type[] s_types =
        [typeof(StyleSettings), typeof(StyleInputs), typeof(RunSettings), typeof(MemorySettings), typeof(ComputeSettings),
            typeof(NeuralStyle.Film.FilmSettings), typeof(CheckpointSettings), typeof(PictureOutput)];

    [Fact]
    public void A_message_of_the_library_reaches_the_user_in_the_words_of_the_command_line()
    {
        var failure = Assert.Throws<InvalidInputException>(new StyleSettings { Size = 3 }.Validate);
        Assert.Equal("StyleSettings.Size is 3; expected a number from 32 to 65535", failure.Message);
        Assert.Equal("--size is 3; expected a number from 32 to 65535", OptionNames.In(failure.Message));
        Assert.Equal("a.StyleSettings, StyleSettings.Other and --size stay",
            OptionNames.In("a.StyleSettings, StyleSettings.Other and --size stay"));
    }

    [Fact]
    public void Every_row_names_a_property() => Assert.All(OptionNames.ByProperty.Keys, name =>
        Assert.Contains(s_types, type => name.Split('.') is [var owner, var property]
            && type.Name == owner
            && type.GetProperty(property) is not null));

    [Fact]
    public void Every_property_that_a_message_of_the_library_names_has_a_row()
    {
        var names = new Regex($@"\b(?:{string.Join('|', s_types.Select(type => type.Name))})\.\w+");
        var texts = Directory.EnumerateFiles(Path.Combine(Root(), "src", "NeuralStyle"), "*.cs", SearchOption.AllDirectories)
            .SelectMany(File.ReadLines).Where(line => !line.TrimStart().StartsWith("//", StringComparison.Ordinal))
            .SelectMany(line => Regex.Matches(line, "\"[^\"]*\"").Select(match => match.Value));
        var named = texts.SelectMany(text => names.Matches(text).Select(match => match.Value)).Distinct().ToArray();
        Assert.InRange(named.Length, 15, 100);
        Assert.All(named, name => Assert.Contains(name, OptionNames.ByProperty.Keys));
    }

    [Fact]
    public void Options_of_the_settings_change_the_property_of_their_row_and_no_other()
    {
        var options = new StyleOptions().Table.ToDictionary(option => option.Option.Name);
        foreach (var property in typeof(StyleSettings).GetProperties().Where(property =>
            options.ContainsKey(OptionNames.ByProperty.GetValueOrDefault($"StyleSettings.{property.Name}", ""))))
        {
            var before = new StyleSettings();
            var after = before with { };
            property.SetValue(after, Other(property.GetValue(before), property.PropertyType));
            var changed = options.Values.Where(option => option.Default(before) != option.Default(after))
                .Select(option => option.Option.Name);
            Assert.Equal([OptionNames.ByProperty[$"StyleSettings.{property.Name}"]], changed);
            options.Remove(OptionNames.ByProperty[$"StyleSettings.{property.Name}"]);
        }
        Assert.Empty(options);
    }

    private static object Other(object? value, Type type) => value switch
    {
        int number => number + 1,
        long number => number + 1,
        double number => number + 0.25,
        Enum => Enum.GetValues(type).Cast<object>().First(other => !other.Equals(value)),
        IReadOnlyList<double> => (double[])[3, 2],
        IReadOnlyList<LayerWeight> => (LayerWeight[])[new(new(3, 3), 7)],
        StartImage => StartImage.Parse("noise"),
        null when Nullable.GetUnderlyingType(type) is { IsEnum: true } kind => Enum.GetValues(kind).GetValue(0)!,
        null => 7,
        _ => throw new ArgumentOutOfRangeException(nameof(value), value, "of a type that this test does not know"),
    };

    private static string Root([System.Runtime.CompilerServices.CallerFilePath] string here = "")
    {
        var folder = Path.GetDirectoryName(here)!;
        while (!File.Exists(Path.Combine(folder, "NeuralStyle.sln"))) folder = Path.GetDirectoryName(folder)!;
        return folder;
    }
}

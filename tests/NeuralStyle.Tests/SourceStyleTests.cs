namespace NeuralStyle.Tests;

/// <summary>Rules of style that neither the compiler nor the formatter checks.</summary>
public sealed class SourceStyleTests
{
    private const int Columns = 140;

    /// <summary>
    /// Long lines that remain: formattable texts, which cannot be put together from parts without losing their culture, and single lines of
    /// HTML, scripts and binary data. The numbers may only fall.
    /// </summary>
    private static readonly Dictionary<string, int> s_remaining = new()
    {
        ["benchmarks/NeuralStyle.Benchmarks/Gpu/DeviceCommand.cs"] = 25,
        ["benchmarks/NeuralStyle.Benchmarks/Speed/SpeedCommand.cs"] = 11,
        ["benchmarks/NeuralStyle.Benchmarks/Tiles/TilesCommand.cs"] = 6,
        ["src/NeuralStyle.Cli/Commands/HelpPageAction.cs"] = 1,
        ["src/NeuralStyle.Cli/Commands/OptionsPage.cs"] = 1,
        ["src/NeuralStyle.Cli/Commands/WeightsInspectCommand.cs"] = 4,
        ["src/NeuralStyle.Cli/Pages/ContactSheetPage.cs"] = 8,
        ["src/NeuralStyle.Cli/Pages/Html.cs"] = 1,
        ["src/NeuralStyle.Cli/Pages/LossCharts.cs"] = 1,
        ["src/NeuralStyle.Cli/Pages/Page.cs"] = 1,
        ["src/NeuralStyle.Cli/Pages/PictureSection.cs"] = 3,
        ["src/NeuralStyle.Cli/Pages/RunReport.cs"] = 1,
        ["src/NeuralStyle.Cli/Pages/SvgChart.cs"] = 8,
        ["src/NeuralStyle.Cli/Progress/BenchTable.cs"] = 2,
        ["src/NeuralStyle/Masks/StyleRegions.cs"] = 1,
        ["src/NeuralStyle/Weights/LayerNames.cs"] = 1,
        ["tests/NeuralStyle.Cli.Tests/Batch/Inputs/PairsFileTests.cs"] = 1,
        ["tests/NeuralStyle.Cli.Tests/Options/OneBinderTests.cs"] = 1,
        ["tests/NeuralStyle.Cli.Tests/Pages/ReportBrowserTests.cs"] = 3,
        ["tests/NeuralStyle.Tests/Weights/PickleTests.cs"] = 1,
    };

    [Theory]
    [InlineData("src")]
    [InlineData("tests")]
    [InlineData("tools")]
    [InlineData("benchmarks")]
    public void No_line_of_code_is_longer_than_140_columns(string folder)
    {
        var files = Repository.Files("*.cs", folder);
        Assert.NotEmpty(files);
        string[] tooLong =
        [
            .. from file in files
               let name = Repository.Relative(file)
               from line in File.ReadLines(file).Index().Where(line => line.Item.Length > Columns).Skip(s_remaining.GetValueOrDefault(name))
               select $"{name}:{line.Index + 1} has {line.Item.Length} columns",
        ];
        Assert.True(tooLong.Length == 0,
            $"{tooLong.Length} lines are longer than {Columns} columns; break them:\n{string.Join('\n', tooLong)}");
    }
}

using NeuralStyle.Settings;

namespace NeuralStyle.Tests.Settings;

public sealed class SettingsLimitsTests
{
    public static TheoryData<string, StyleSettings> OutOfRange { get; } = new()
    {
        { "StyleSettings.Size", new() { Size = 0 } },
        { "StyleSettings.Size", new() { Size = 100_000 } },
        { "StyleSettings.MinimumSize", new() { MinimumSize = -1 } },
        { "StyleSettings.StyleSize", new() { StyleSize = 1 } },
        { "StyleSettings.ScaleStep", new() { ScaleStep = 1 } },
        { "StyleSettings.StyleScale", new() { StyleScale = [double.NaN] } },
        { "StyleSettings.Iterations", new() { Iterations = -1 } },
        { "StyleSettings.FirstIterations", new() { FirstIterations = int.MaxValue } },
        { "StyleSettings.MiddleShare", new() { MiddleShare = 1.5 } },
        { "StyleSettings.MiddleShare", new() { MiddleShare = -0.1 } },
        { "StyleSettings.Patience", new() { Patience = 0 } },
        { "StyleSettings.LearningRate", new() { LearningRate = 0 } },
        { "StyleSettings.History", new() { History = 0 } },
        { "StyleSettings.AverageDecay", new() { AverageDecay = 1 } },
        { "StyleSettings.Bleed", new() { Bleed = -1 } },
        { "StyleSettings.Detail", new() { Detail = 1.5 } },
        { "StyleSettings.ContentWeight", new() { ContentWeight = -1 } },
        { "StyleSettings.StyleWeight", new() { StyleWeight = double.PositiveInfinity } },
        { "StyleSettings.TotalVariationWeight", new() { TotalVariationWeight = double.NaN } },
        { "StyleSettings.ContentLayers", new() { ContentLayers = [] } },
        { "StyleSettings.StyleLayers relu1_1", new() { StyleLayers = [new(new(1, 1), -2)] } },
        { "StyleSettings.StyleLayers: all weights are 0", new() { StyleLayers = [new(new(1, 1), 0)] } },
        { "StyleSettings.StyleLayers names relu1_1 twice", new() { StyleLayers = [new(new(1, 1)), new(new(1, 1))] } },
        { "both 0", new() { ContentWeight = 0, StyleWeight = 0 } },
    };

    [Fact]
    public void The_defaults_are_valid() => new StyleSettings().Validate();

    [Theory]
    [MemberData(nameof(OutOfRange))]
    public void A_setting_out_of_range_is_refused_by_its_option_name(string expected, StyleSettings settings)
    {
        var failure = Assert.Throws<InvalidInputException>(settings.Validate);
        Assert.Contains(expected, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', failure.Message);
    }
}

using NeuralStyle.Settings;

namespace NeuralStyle.Tests.Settings;

public sealed class SettingsLimitsTests
{
    public static TheoryData<string, StyleSettings> OutOfRange { get; } = new()
    {
        { "--size", new() { Size = 0 } },
        { "--size", new() { Size = 100_000 } },
        { "--min-size", new() { MinimumSize = -1 } },
        { "--style-size", new() { StyleSize = 1 } },
        { "--scale-step", new() { ScaleStep = 1 } },
        { "--style-scale", new() { StyleScale = [double.NaN] } },
        { "--iterations", new() { Iterations = -1 } },
        { "--first-iterations", new() { FirstIterations = int.MaxValue } },
        { "--patience", new() { Patience = 0 } },
        { "--learning-rate", new() { LearningRate = 0 } },
        { "--history", new() { History = 0 } },
        { "--average", new() { AverageDecay = 1 } },
        { "--bleed", new() { Bleed = -1 } },
        { "--detail", new() { Detail = 1.5 } },
        { "--content-weight", new() { ContentWeight = -1 } },
        { "--style-weight", new() { StyleWeight = double.PositiveInfinity } },
        { "--tv", new() { TotalVariationWeight = double.NaN } },
        { "--content-layers", new() { ContentLayers = [] } },
        { "--style-layers relu1_1", new() { StyleLayers = [new(new(1, 1), -2)] } },
        { "--style-layers: all weights are 0", new() { StyleLayers = [new(new(1, 1), 0)] } },
        { "--style-layers names relu1_1 twice", new() { StyleLayers = [new(new(1, 1)), new(new(1, 1))] } },
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

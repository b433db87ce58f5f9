namespace NeuralStyle.Tests;

public sealed class PresetsTests
{
    [Fact]
    public void Every_preset_keeps_to_the_limits_and_carries_its_name()
    {
        foreach (var preset in Presets.All)
        {
            preset.Settings.Validate();
            Assert.Equal(preset.Name, preset.Settings.Preset);
            Assert.Same(preset.Settings, Presets.Find(preset.Name.ToUpperInvariant()));
        }
    }

    [Fact]
    public void Gatys_works_at_one_scale_with_the_losses_of_the_paper()
    {
        var settings = Presets.Find("gatys");
        Assert.Single(ScaleSchedule.For(new(640, 480), settings));
        Assert.Equal((NeuralStyle.Losses.StyleLossKind.Gatys, NeuralStyle.Losses.ContentLossKind.Gatys, OptimizerKind.Lbfgs), (settings.StyleLoss, settings.ContentLoss, settings.Optimizer));
    }
}

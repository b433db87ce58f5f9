using NeuralStyle.Losses;
using TorchSharp;
using static TorchSharp.torch;

namespace NeuralStyle.Tests.Losses;

/// <summary>Losses against values worked out by hand.</summary>
public sealed class LossTests
{
    // Two channels at two positions: channel 1 is 1, 3; channel 2 is 2, 0. Means 2 and 1; moments (1+9)/2, (2+0)/2, (4+0)/2.
    private static Tensor Features => tensor(new[] { 1f, 3f, 2f, 0f }, [1, 2, 1, 2]);

    // Means 1 and 1; every moment 1.
    private static Tensor Ones => ones(1, 2, 1, 2);

    [Fact]
    public void Statistics_are_means_and_raw_second_moments()
    {
        using var scope = NewDisposeScope();
        using var statistics = LayerStatistics.Of(Features);
        Assert.Equal([2f, 1f], statistics.Mean.data<float>().ToArray());
        Assert.Equal([5f, 1f, 1f, 2f], statistics.SecondMoment.data<float>().ToArray());
    }

    [Fact]
    public void A_mask_weighs_the_positions()
    {
        using var scope = NewDisposeScope();
        using var statistics = LayerStatistics.Of(Features, tensor(new[] { 0.5f, 1.5f }, [1, 1, 1, 2]));
        Assert.Equal([2.5f, 0.5f], statistics.Mean.data<float>().ToArray());
        Assert.Equal([7f, 0.5f, 0.5f, 1f], statistics.SecondMoment.data<float>().ToArray());
    }

    [Theory] // G − A = (4, 0, 0, 1): squares sum to 17; A's squares to 4; deviations are 1 and 1 against 0 and 0
    [InlineData(StyleLossKind.Gram, 17.0 / 4)]
    [InlineData(StyleLossKind.Gatys, 17.0 / 16)]
    [InlineData(StyleLossKind.Rms, 2.0615528)]
    [InlineData(StyleLossKind.Moments, (1 + 2.0) / 2)]
    public void Style_losses_match_hand_computed_values(StyleLossKind kind, double expected)
    {
        using var scope = NewDisposeScope();
        using var made = LayerStatistics.Of(Features);
        using var target = LayerStatistics.Of(Ones);
        Assert.Equal(expected, StyleLoss.Of(kind, made, target).ToDouble(), 1e-4);
    }

    [Fact]
    public void Several_styles_are_averaged_at_the_level_of_moments()
    {
        using var scope = NewDisposeScope();
        using var average = LayerStatistics.Average([LayerStatistics.Of(Features), LayerStatistics.Of(Ones)], [3, 1]);
        Assert.Equal([1.75f, 1f], average.Mean.data<float>().ToArray());
        Assert.Equal([4f, 1f, 1f, 1.75f], average.SecondMoment.data<float>().ToArray());
    }

    [Fact]
    public void Content_loss_factors_follow_their_definitions()
    {
        using var scope = NewDisposeScope();
        Assert.Equal(0 + 4 + 1 + 1, ContentLoss.SquaredDifference(Features, Ones).ToDouble(), 1e-6);
        Assert.Equal(0.5, ContentLoss.Factor(ContentLossKind.Gatys, 4, 14));
        Assert.Equal(0.25, ContentLoss.Factor(ContentLossKind.MeanSquare, 4, 14));
        Assert.Equal(1.0 / (4 * 14), ContentLoss.Factor(ContentLossKind.Relative, 4, 14));
    }

    [Fact]
    public void Total_variation_sums_the_steps()
    {
        using var scope = NewDisposeScope();
        var image = tensor(new[] { 0f, 1f, 0.5f, 0f }, [1, 1, 2, 2]); // steps 1 and ½ across, ½ and 1 down; 0 and ½ along the diagonals
        Assert.Equal(3, TotalVariation.Absolute(image).ToDouble(), 1e-6);
        Assert.Equal((2.5 * 2 / 3 + 0.25 / 6) / 4, TotalVariation.Squared(image).ToDouble(), 1e-6);
    }

    [Fact]
    public void Squared_total_variation_is_crowsons_up_to_the_border()
    {
        using var scope = NewDisposeScope();
        var image = TinyNetworks.Picture(128, 96, 4);
        var padded = nn.functional.pad(image, [1, 1, 1, 1], PaddingModes.Replicate); // as style_transfer.py, class TVLoss
        var (height, width) = (padded.shape[2], padded.shape[3]);
        Tensor At(long y, long x, long rows, long columns) => padded.narrow(2, y, rows).narrow(3, x, columns);
        var across = (At(1, 2, height - 2, width - 2) - At(1, 1, height - 2, width - 2)).square().mean() / 3;
        var down = (At(2, 1, height - 2, width - 2) - At(1, 1, height - 2, width - 2)).square().mean() / 3;
        var falling = (At(1, 1, height - 1, width - 1) - At(0, 0, height - 1, width - 1)).square().mean() / 12;
        var rising = (At(1, 0, height - 1, width - 1) - At(0, 1, height - 1, width - 1)).square().mean() / 12;
        var theirs = (2 * (across + down + falling + rising)).ToDouble();
        Assert.InRange(TotalVariation.Squared(image).ToDouble() / theirs, 0.98, 1.02);
    }
}

using NeuralStyle.Control;
using NeuralStyle.Tests.Infra;
using TorchSharp;
using static TorchSharp.torch;

namespace NeuralStyle.Tests.Control;

public sealed class ColorTransferTests
{
    [Fact]
    public void Oklab_knows_white_and_pure_red_and_comes_back()
    {
        using var scope = NewDisposeScope();
        var image = cat([ones(1, 3, 1, 1), tensor(new[] { 1f, 0, 0 }).view(1, 3, 1, 1), TinyNetworks.Picture(8, 1, 1)], 3);
        var lab = Oklab.FromSrgb(image);
        Assert.Equal(1, lab[0, 0, 0, 0].ToDouble(), 1e-3);
        double[] red = [0.628, 0.225, 0.126]; // published value
        for (var channel = 0; channel < 3; channel++) Assert.Equal(red[channel], lab[0, channel, 0, 1].ToDouble(), 2e-3);
        Assert.InRange((Oklab.ToSrgb(lab) - image).abs().max().ToDouble(), 0, 1e-3);
    }

    [Fact]
    public void Linear_matching_gives_mean_and_covariance_of_the_target()
    {
        using var scope = NewDisposeScope();
        var source = TinyNetworks.Picture(64, 48, 1) * 0.5 + 0.1;
        var target = TinyNetworks.Picture(40, 40, 2) * 0.3 + 0.35; // far from black and white, so that nothing is clamped
        var matched = ColorTransfer.MatchLinear(source, target);
        Assert.InRange((Mean(matched) - Mean(target)).abs().max().ToDouble(), 0, 2e-3);
        Assert.InRange((Covariance(matched) - Covariance(target)).abs().max().ToDouble(), 0, 1e-3);
    }

    [Fact]
    public void Histogram_matching_gives_the_targets_values_in_each_channel_and_keeps_their_order()
    {
        using var scope = NewDisposeScope();
        var source = TinyNetworks.Picture(32, 32, 1);
        var target = TinyNetworks.Picture(32, 32, 2) * 0.4 + 0.3;
        var matched = Oklab.FromSrgb(ColorTransfer.MatchHistogram(source, target))[0, 0].flatten();
        var wanted = Oklab.FromSrgb(target)[0, 0].flatten();
        Assert.InRange((matched.sort().Values - wanted.sort().Values).abs().median().ToDouble(), 0, 5e-3);
        Assert.InRange(matched.argsort().eq(Oklab.FromSrgb(source)[0, 0].flatten().argsort()).to(ScalarType.Float32).mean().ToDouble(), 0.3, 1);
    }

    [Fact]
    public void A_picture_of_one_colour_can_be_matched()
    {
        using var scope = NewDisposeScope();
        var flat = full([1, 3, 16, 16], 0.4f);
        var target = TinyNetworks.Picture(16, 16, 2);
        Assert.True(isfinite(ColorTransfer.MatchLinear(flat, target)).all().ToBoolean());
        Assert.True(isfinite(ColorTransfer.MatchHistogram(flat, target)).all().ToBoolean());
    }

    private static Tensor Mean(Tensor image) => image.mean([0, 2, 3]);

    private static Tensor Covariance(Tensor image)
    {
        var flat = image.squeeze(0).flatten(1);
        var centred = flat - flat.mean([1], keepdim: true);
        return centred.mm(centred.t()) / flat.shape[1];
    }
}

using NeuralStyle.Colour;
using TorchSharp;
using static TorchSharp.torch;

namespace NeuralStyle.Tests.Colour;

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

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_cannot_be_seen_of_a_source_has_no_say_in_its_colours(bool linear)
    {
        using var scope = NewDisposeScope();
        var seen = TinyNetworks.Picture(32, 24, 1);
        var target = TinyNetworks.Picture(40, 40, 2) * 0.4 + 0.3;
        var opacity = cat([ones(1, 1, 24, 32), zeros(1, 1, 24, 32)], 3);
        Tensor Match(Tensor source, Tensor? counts) => linear
            ? ColorTransfer.MatchLinear(source, target, counts)
            : ColorTransfer.MatchHistogram(source, target, counts);
        var alone = Match(seen, null);
        foreach (var hidden in (Tensor[])[zeros(1, 3, 24, 32), ones(1, 3, 24, 32), TinyNetworks.Picture(32, 24, 3)])
        {
            var both = cat([seen, hidden], 3);
            Assert.InRange((Match(both, opacity).narrow(3, 0, 32) - alone).abs().max().ToDouble(), 0, 1e-5);
            Assert.True((Match(both, null).narrow(3, 0, 32) - alone).abs().max().ToDouble() > 1e-3); // it would have had one
        }
        Assert.Equal(Match(seen, null).data<float>().ToArray(), Match(seen, ones(1, 1, 24, 32)).data<float>().ToArray());
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
        Assert.InRange(matched.argsort().eq(Oklab.FromSrgb(source)[0, 0].flatten().argsort()).to(ScalarType.Float32).mean().ToDouble(), 0.3,
            1);
    }

    [Fact]
    public void Histogram_matching_invents_no_colours()
    {
        using var scope = NewDisposeScope();
        var source = TinyNetworks.Picture(64, 48, 1);
        var (blue, orange) = (tensor(new[] { 0.3f, 0.45f, 0.7f }), tensor(new[] { 0.8f, 0.55f, 0.3f })); // a blue sky over orange houses
        var target = cat([blue.view(1, 3, 1, 1).expand(1, 3, 24, 64), orange.view(1, 3, 1, 1).expand(1, 3, 24, 64)], 2)
            + (TinyNetworks.Picture(64, 48, 2) - 0.5) * 0.06;
        var (matched, wanted) = (Plane(ColorTransfer.MatchHistogram(source, target)), Plane(target));
        var strange = cdist(matched, wanted).min(1).values.gt(0.03).to(ScalarType.Float32).mean().ToDouble();
        Assert.InRange(strange, 0, 0.03); // along the axes of Oklab alone it would be a third

        static Tensor Plane(Tensor image) => Oklab.FromSrgb(image).squeeze(0).narrow(0, 1, 2).flatten(1).t();
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

    [Fact]
    public void A_picture_of_many_strips_is_matched_as_a_whole()
    {
        using var scope = NewDisposeScope();
        var (source, target) = (TinyNetworks.Picture(1300, 1000, 1, ScalarType.Float64),
            TinyNetworks.Picture(1200, 1000, 2, ScalarType.Float64));
        Assert.InRange((ColorTransfer.MatchLinear(source, target) - WholeLinear(source, target)).abs().max().ToDouble(), 0, 1e-12);
        var few = target.narrow(2, 0, 100); // sorting takes the time
        // a rounding apart, two values can change places
        Assert.InRange((ColorTransfer.MatchHistogram(source, few) - WholeHistogram(source, few)).abs().mean().ToDouble(), 0, 1e-7);
    }

    [Fact]
    public void What_is_given_stays_as_it_was()
    {
        using var scope = NewDisposeScope();
        var (source, target) = (TinyNetworks.Picture(32, 24, 1), TinyNetworks.Picture(16, 16, 2));
        var (sourceBefore, targetBefore) = (source.clone(), target.clone());
        ColorTransfer.MatchLinear(source, target);
        ColorTransfer.MatchHistogram(source, target);
        Assert.True(source.eq(sourceBefore).all().ToBoolean() && target.eq(targetBefore).all().ToBoolean());
    }

    private static Tensor WholeLinear(Tensor source, Tensor target)
    {
        var (from, to) = (source.squeeze(0).flatten(1), target.squeeze(0).flatten(1));
        var map = Root(to, 0.5).mm(Root(from, -0.5));
        return (map.mm(from - from.mean([1], keepdim: true)) + to.mean([1], keepdim: true)).clamp(0, 1).view(source.shape);

        static Tensor Root(Tensor flat, double power)
        {
            var centred = flat - flat.mean([1], keepdim: true);
            var (values, vectors) = linalg.eigh(centred.mm(centred.t()) / flat.shape[1] + eye(3, dtype: ScalarType.Float64) * 1e-6);
            return (vectors * values.pow(power)).mm(vectors.t());
        }
    }

    private static Tensor WholeHistogram(Tensor source, Tensor target)
    {
        var (from, to) = (Oklab.FromSrgb(source).squeeze(0).flatten(1), Oklab.FromSrgb(target).squeeze(0).flatten(1));
        var (lightness, plane, wanted) = (Match(from[0], to[0]), from.narrow(0, 1, 2), to.narrow(0, 1, 2));
        foreach (var quarters in (double[])[4, 2, 6, 1, 5, 3, 7, 0])
        {
            var (sine, cosine) = Math.SinCos(quarters / 16 * Math.PI);
            var turn = tensor(new[] { cosine, sine, -sine, cosine }, [2, 2]);
            var (here, there) = (turn.mm(plane), turn.mm(wanted));
            plane = turn.t().mm(stack([Match(here[0], there[0]), Match(here[1], there[1])]));
        }
        return Oklab.ToSrgb(cat([lightness.unsqueeze(0), plane]).view(source.shape)).clamp(0, 1);

        static Tensor Match(Tensor from, Tensor to)
        {
            var rank = from.argsort().argsort().to(ScalarType.Float64);
            return to.sort().Values.index_select(0, rank.mul((to.numel() - 1.0) / (from.numel() - 1)).round().to(ScalarType.Int64));
        }
    }

    private static Tensor Mean(Tensor image) => image.mean([0, 2, 3]);

    private static Tensor Covariance(Tensor image)
    {
        var flat = image.squeeze(0).flatten(1);
        var centred = flat - flat.mean([1], keepdim: true);
        return centred.mm(centred.t()) / flat.shape[1];
    }
}

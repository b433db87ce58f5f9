using NeuralStyle.Film;
using TorchSharp;
using static TorchSharp.torch;

namespace NeuralStyle.Tests.Film;

/// <summary>Flow, warp, occlusions and cuts on films whose motion is known.</summary>
public sealed class MotionTests
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 0)]
    [InlineData(-2.5, 0.75)]
    [InlineData(7, -5)]
    public void The_flow_of_a_pan_is_the_motion_of_the_camera(double x, double y)
    {
        using var scope = NewDisposeScope();
        var flow = SyntheticFilm.Flows(SyntheticFilm.Pan(0, x, y, 112, 80), SyntheticFilm.Pan(1, x, y, 112, 80)).Backward.ToTensor();
        var inner = flow.narrow(2, 12, 56).narrow(3, 12, 88); // what both frames show
        Assert.InRange((inner.narrow(1, 0, 1) - x).abs().mean().ToDouble(), 0, 0.1);
        Assert.InRange((inner.narrow(1, 1, 1) - y).abs().mean().ToDouble(), 0, 0.1);
    }

    [Theory]
    [InlineData(1.2, 0)]
    [InlineData(0.8, 0)]
    [InlineData(0.9, 0.1)]
    public void The_flow_goes_through_a_sudden_change_of_brightness(double gain, double offset)
    {
        using var scope = NewDisposeScope();
        var frame = SyntheticFilm.Pan(1, 2.5, -1, 112, 80) * gain + offset;
        var flow = SyntheticFilm.Flows(SyntheticFilm.Pan(0, 2.5, -1, 112, 80), frame).Backward.ToTensor();
        var inner = flow.narrow(2, 12, 56).narrow(3, 12, 88);
        Assert.InRange((inner.narrow(1, 0, 1) - 2.5).abs().mean().ToDouble(), 0, 0.15);
        Assert.InRange((inner.narrow(1, 1, 1) + 1).abs().mean().ToDouble(), 0, 0.15);
    }

    [Fact]
    public void Frames_of_one_brightness_are_taken_as_they_are()
    {
        using var scope = NewDisposeScope();
        foreach (var (before, frame) in ((Tensor, Tensor)[])[(SyntheticFilm.Pan(0, 7, -5, 112, 80), SyntheticFilm.Pan(1, 7, -5, 112, 80)),
            (SyntheticFilm.Sprite(0, 96, 64), SyntheticFilm.Sprite(3, 96, 64)),
            (SyntheticFilm.Pan(0, 0, 0, 96, 64), TinyNetworks.Picture(96, 64, 5))])
        {
            var to = SyntheticFilm.Levels(frame);
            Assert.Same(to, Exposure.Match(SyntheticFilm.Levels(before), to));
        }
    }

    [Fact]
    public void A_still_picture_does_not_move()
    {
        using var scope = NewDisposeScope();
        var frame = SyntheticFilm.Pan(0, 0, 0, 70, 50);
        var flow = SyntheticFilm.Flows(frame, frame).Backward;
        Assert.All(flow.X.Concat(flow.Y), value => Assert.Equal(0, value));
    }

    [Fact]
    public void A_warp_by_whole_pixels_moves_pixels_unchanged()
    {
        using var scope = NewDisposeScope();
        var image = TinyNetworks.Picture(40, 30, 1);
        var flow = zeros(1, 2, 30, 40);
        flow.narrow(1, 0, 1).fill_(3);
        flow.narrow(1, 1, 1).fill_(-2);
        foreach (var warp in (Func<Tensor, Tensor, Tensor>[])[Warp.Bicubic, Warp.Bilinear])
        {
            var moved = warp(image, flow).narrow(2, 2, 28).narrow(3, 0, 37);
            Assert.InRange((moved - image.narrow(2, 0, 28).narrow(3, 3, 37)).abs().max().ToDouble(), 0, 1e-6);
        }
    }

    [Fact]
    public void A_bicubic_warp_by_half_a_pixel_keeps_more_detail_than_a_bilinear_one()
    {
        using var scope = NewDisposeScope();
        var (before, frame) = (SyntheticFilm.Pan(0, 0.5, 0.5, 64, 64), SyntheticFilm.Pan(1, 0.5, 0.5, 64, 64));
        var flow = full([1, 2, 64, 64], 0.5f);
        double Error(Tensor warped) => (warped - frame).narrow(2, 2, 60).narrow(3, 2, 60).abs().mean().ToDouble();
        Assert.InRange(Error(Warp.Bicubic(before, flow)), 0, Error(Warp.Bilinear(before, flow)) / 3);
    }

    [Fact]
    public void What_a_moving_thing_covers_and_uncovers_is_not_known_and_the_rest_is()
    {
        using var scope = NewDisposeScope();
        var (before, frame) = (SyntheticFilm.Sprite(0, 96, 64), SyntheticFilm.Sprite(1, 96, 64));
        var (backward, forward) = SyntheticFilm.Flows(before, frame);
        using var motion = FrameMotion.Of(backward, forward);
        Tensor At(Tensor mask, int left, int width) => mask.narrow(2, 28, 8).narrow(3, left, width);
        Assert.InRange(At(motion.Seen, 16, 4).mean().ToDouble(), 0, 0.4); // uncovered
        Assert.InRange(At(motion.Seen, 24, 12).mean().ToDouble(), 0.9, 1); // within the thing
        Assert.InRange(motion.Seen.narrow(3, 60, 36).mean().ToDouble(), 0.95, 1); // far from it
        Assert.True(motion.Seen.le(motion.Known).all().item<bool>());
    }

    [Fact]
    public void Only_another_scene_is_a_cut()
    {
        using var scope = NewDisposeScope();
        var frame = SyntheticFilm.Pan(0, 0, 0, 96, 64);
        Assert.False(IsCut(frame, frame));
        Assert.False(IsCut(frame, SyntheticFilm.Pan(1, 9, 4, 96, 64)));
        Assert.False(IsCut(SyntheticFilm.Sprite(0, 96, 64), SyntheticFilm.Sprite(2, 96, 64)));
        Assert.False(IsCut(frame, frame * 0.95)); // a cloud
        Assert.True(IsCut(frame, TinyNetworks.Picture(96, 64, 5)));
        Assert.True(IsCut(frame, zeros(1, 3, 64, 96)));
    }

    private static bool IsCut(Tensor before, Tensor frame)
    {
        var (backward, forward) = SyntheticFilm.Flows(before, frame);
        using var motion = FrameMotion.Of(backward, forward);
        return SceneCut.IsBetween(before, frame, motion.Backward, motion.Known);
    }
}

using NeuralStyle.Film;
using NeuralStyle.Imaging;
using NeuralStyle.Losses;
using NeuralStyle.Settings;
using TorchSharp;
using static TorchSharp.torch;

namespace NeuralStyle.Tests.Film;

/// <summary>Whole small films: no flicker, no ghosts, the same from wherever they continue.</summary>
public sealed class FilmPainterTests
{
    private static readonly StyleSettings s_settings = new() { Size = 96, MinimumSize = 48, Iterations = 20, FirstIterations = 30 };

    [Fact]
    public void A_pan_flickers_at_least_five_times_less_than_frames_painted_alone()
    {
        using var scope = NewDisposeScope();
        var frames = Enumerable.Range(0, 4).Select(i => SyntheticFilm.Pan(i, 2, 1, 96, 64)).ToArray();
        Assert.InRange(Flicker(frames, Painted(frames)), 0, Flicker(frames, Alone(frames)) / 5);
    }

    [Fact]
    public void Around_a_moving_thing_nothing_flickers_either()
    {
        using var scope = NewDisposeScope();
        var frames = Enumerable.Range(0, 4).Select(i => SyntheticFilm.Sprite(i, 96, 64)).ToArray();
        Assert.InRange(Flicker(frames, Painted(frames)), 0, Flicker(frames, Alone(frames)) / 5);
    }

    [Fact]
    public void A_still_film_stands_still()
    {
        using var scope = NewDisposeScope();
        var frame = SyntheticFilm.Pan(0, 0, 0, 96, 64);
        var painted = Painted([frame, frame, frame, frame]);
        double Change(int i) => (painted[i] - painted[i - 1]).abs().mean().ToDouble() * 255;
        Assert.InRange(Change(3), 0, 2); // of 255: each frame continues the optimisation of the one before,
        Assert.InRange(Change(3), 0, Change(1)); // and comes to rest
    }

    [Fact]
    public void With_a_weight_of_0_frames_are_not_tied_together()
    {
        using var scope = NewDisposeScope();
        var frames = Enumerable.Range(0, 2).Select(i => SyntheticFilm.Pan(i, 2, 1, 96, 64)).ToArray();
        Assert.True(Flicker(frames, Painted(frames)) < Flicker(frames, Painted(frames, new FilmSettings { TemporalWeight = 0 })));
    }

    [Theory]
    [InlineData(StyleLossKind.Nearest)]
    [InlineData(StyleLossKind.Remd)]
    public void Frames_whose_positions_are_matched_are_tied_together_too(StyleLossKind kind)
    {
        using var scope = NewDisposeScope();
        var settings = s_settings with { StyleLoss = kind, MinimumSize = 96 };
        var frames = Enumerable.Range(0, 3).Select(i => SyntheticFilm.Pan(i, 2, 1, 96, 64)).ToArray();
        var tied = Painted(frames, settings: settings);
        Assert.All(tied, frame => Assert.True(frame.isfinite().all().item<bool>()));
        Assert.True(Flicker(frames, tied) < Flicker(frames, Painted(frames, new FilmSettings { TemporalWeight = 0 }, settings)));
    }

    [Theory]
    [InlineData(-1, 10)]
    [InlineData(double.NaN, 10)]
    [InlineData(1, 0)]
    public void Settings_out_of_range_are_refused(double weight, int iterations) => Assert.Throws<InvalidInputException>(() =>
        new FilmSettings { TemporalWeight = weight, Iterations = iterations }.Validate());

    private static Tensor[] Painted(Tensor[] frames, FilmSettings? film = null, StyleSettings? settings = null)
    {
        using var painter = Painter(film ?? new FilmSettings(), settings);
        painter.Begin(frames[0]);
        List<Tensor> painted = [];
        foreach (var (i, frame) in frames.Index())
        {
            using var motion = i == 0 ? null : Motion(frames[i - 1], frame);
            using var result = i == 0 ? painter.First(frame) : painter.Next(frame, painted[^1], motion!);
            painted.Add(result.Painting!.alias());
        }
        return [.. painted];
    }

    private static Tensor[] Alone(Tensor[] frames)
    {
        using var painter = Painter(new FilmSettings());
        return frames.Select(frame =>
        {
            painter.Begin(frame);
            using var result = painter.First(frame);
            return result.Painting!.alias();
        }).ToArray();
    }

    private static FilmPainter Painter(FilmSettings film, StyleSettings? settings = null)
    {
        var style = PictureSource.Of(TinyNetworks.Picture(64, 64, 7));
        return new FilmPainter(new StyleInputs(style, [style]), TinyNetworks.Random(), settings ?? s_settings, film,
            new RunSettings());
    }

    private static FrameMotion Motion(Tensor before, Tensor frame)
    {
        var (backward, forward) = SyntheticFilm.Flows(before, frame);
        return FrameMotion.Of(backward, forward);
    }

    /// <summary>Mean squared difference to the frame before, moved, where both show the same.</summary>
    private static double Flicker(Tensor[] frames, Tensor[] painted) => Enumerable.Range(1, frames.Length - 1).Average(i =>
    {
        using var scope = NewDisposeScope();
        using var motion = Motion(frames[i - 1], frames[i]);
        var difference = (painted[i] - Warp.Bicubic(painted[i - 1], motion.Backward)).square() * motion.Seen;
        return difference.sum().ToDouble() / motion.Seen.sum().ToDouble();
    });
}

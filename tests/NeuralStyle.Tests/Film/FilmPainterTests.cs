using NeuralStyle.Evaluation;
using NeuralStyle.Film;
using NeuralStyle.Imaging;
using NeuralStyle.Losses;
using NeuralStyle.Settings;
using NeuralStyle.Tests.Infra;
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

    [Fact]
    public void A_second_pass_paints_every_frame_better_and_they_stay_tied_together()
    {
        using var scope = NewDisposeScope();
        var token = TestContext.Current.CancellationToken;
        var frames = Enumerable.Range(0, 3).Select(i => SyntheticFilm.Pan(i, 6, 0, 96, 64)).ToArray();
        using var painter = Painter(new FilmSettings());
        painter.Begin(frames[0]);
        var (first, second) = (new Tensor[3], new Tensor[3]);
        var (before, after) = (new double[3], new double[3]);
        for (var i = 0; i < 3; i++)
        {
            using var motion = i == 0 ? null : Motion(frames[i - 1], frames[i]);
            using var result = i == 0 ? painter.First(frames[i], Look(before, i), token)
                : painter.Next(frames[i], first[i - 1], motion!, Look(before, i), token);
            first[i] = result.Painting!.alias();
        }
        for (var i = 2; i >= 0; i--)
        {
            using var motion = i == 2 ? null : Motion(frames[i + 1], frames[i]);
            using var result = painter.Again(frames[i], first[i], i == 2 ? null : second[i + 1], motion, Look(after, i), token);
            second[i] = result.Painting!.alias();
        }
        Assert.All(before.Zip(after), loss => Assert.InRange(loss.Second, 0, 0.9 * loss.First));
        Assert.InRange(Flicker(frames, second), 0, 2 * Flicker(frames, first)); // alone, it is 100 times as much

        static Told Look(double[] losses, int i) => new(progress =>
        {
            if (progress.Losses is [.., var last]) losses[i] = last.Total - last.Sum(TermKind.Temporal, weighted: true);
        });
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
    [InlineData(-1, 10, 1)]
    [InlineData(double.NaN, 10, 1)]
    [InlineData(1, 0, 1)]
    [InlineData(1, 10, 0)]
    [InlineData(1, 10, 101)]
    public void Settings_out_of_range_are_refused(double weight, int iterations, int passes) => Assert.Throws<InvalidInputException>(() =>
        new FilmSettings { TemporalWeight = weight, Iterations = iterations, Passes = passes }.Validate());

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

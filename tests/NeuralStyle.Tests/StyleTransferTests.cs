using NeuralStyle.Imaging;
using NeuralStyle.Runs;
using NeuralStyle.Runtime.Native;
using NeuralStyle.Settings;
using NeuralStyle.Tests.Infra;
using NeuralStyle.Vgg;
using TorchSharp;
using static TorchSharp.torch;

namespace NeuralStyle.Tests;

public sealed class StyleTransferTests
{
    private static readonly StyleSettings Small = new() { Size = 64, MinimumSize = 32, ScaleStep = 2, FirstIterations = 6, Iterations = 4 };

    [Theory]
    [InlineData(OptimizerKind.Adam)]
    [InlineData(OptimizerKind.Lbfgs)]
    public void The_same_run_twice_gives_the_same_bytes(OptimizerKind optimizer)
    {
        using var first = Run(Small with { Optimizer = optimizer });
        using var second = Run(Small with { Optimizer = optimizer });
        Assert.True(first.Completed);
        Assert.Equal(first.Image.data<float>().ToArray(), second.Image.data<float>().ToArray());
    }

    [Theory]
    [InlineData("content")]
    [InlineData("noise")]
    [InlineData("style")]
    [InlineData("blend:0.3")]
    [InlineData("start.png")]
    public void Every_start_gives_a_picture_of_the_right_size_with_pixels_in_range(string start)
    {
        using var result = Run(Small with { Start = StartImage.Parse(start) });
        Assert.Equal([1, 3, 48, 64], result.Image.shape);
        Assert.InRange(result.Image.min().ToSingle(), 0, 1);
        Assert.InRange(result.Image.max().ToSingle(), 0, 1);
    }

    [Fact]
    public void Starts_differ_before_the_first_iteration_and_noise_follows_the_seed()
    {
        float[] Of(string start, long seed = 0)
        {
            using var result = Run(Small with { Start = StartImage.Parse(start), Seed = seed, FirstIterations = 0, Iterations = 0 });
            return result.Image.data<float>().ToArray();
        }
        string[] starts = ["content", "noise", "style", "blend:0.3", "start.png"];
        var pictures = starts.Select(start => Of(start)).ToArray();
        for (var i = 0; i < starts.Length; i++)
        {
            for (var j = 0; j < i; j++) Assert.NotEqual(pictures[i], pictures[j]);
        }
        Assert.Equal(pictures[1], Of("noise"));
        Assert.NotEqual(pictures[1], Of("noise", seed: 1));
    }

    [Fact]
    public void Losses_fall_at_every_scale()
    {
        Dictionary<int, List<double>> totals = [];
        using var result = Run(Small with { FirstIterations = 30, Iterations = 30 }, progress =>
        {
            if (!totals.TryGetValue(progress.Scale, out var list)) totals[progress.Scale] = list = [];
            list.Add(progress.Loss);
        });
        Assert.Equal(2, totals.Count);
        Assert.All(totals.Values, list => Assert.True(list[^1] < list[0]));
    }

    [Theory]
    [InlineData(OptimizerKind.Adam)]
    [InlineData(OptimizerKind.Lbfgs)]
    public void A_scale_ends_early_when_its_loss_has_flattened_and_the_run_counts_as_done(OptimizerKind optimizer)
    {
        List<(int Scale, double Total, bool Flat, double Fraction)> seen = [];
        using var result = Run(Small with { Optimizer = optimizer, FirstIterations = 3000, Iterations = 3000, Patience = 5 },
            progress => seen.Add((progress.Scale, progress.Loss, progress.Flat, progress.Fraction)));
        Assert.True(result.Completed);
        Assert.Equal([1, 3, 48, 64], result.Image.shape);
        foreach (var scale in seen.GroupBy(report => report.Scale).Select(group => group.ToArray()))
        {
            Assert.InRange(scale.Length, 6, 2000);
            var (before, after) = (scale[..^5].Min(report => report.Total), scale.Min(report => report.Total));
            Assert.InRange(after, 0.99 * before, before);
            Assert.All(scale[..^1], report => Assert.False(report.Flat));
            Assert.True(scale[^1].Flat);
        }
        Assert.Equal(seen.Select(report => report.Fraction).Order(), seen.Select(report => report.Fraction));
        Assert.Equal(1, seen[^1].Fraction);
    }

    [Fact]
    public void A_cancelled_run_ends_with_the_picture_so_far()
    {
        using var cancellation = new CancellationTokenSource();
        using var result = Run(Small, _ => cancellation.Cancel(), cancellation);
        Assert.False(result.Completed);
        Assert.Equal([1, 3, 24, 32], result.Image.shape);
    }

    [Fact]
    public async Task Reports_may_be_read_on_another_thread_and_later()
    {
        List<RunProgress> seen = [];
        using var all = new CountdownEvent(10);
        var progress = new Progress<RunProgress>(report => // posts to the thread pool
        {
            lock (seen) seen.Add(report);
            all.Signal();
        });
        using (Run(Small, progress)) Assert.True(all.Wait(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken));
        var reports = seen.OrderBy(report => report.Fraction).ToArray();
        Assert.Equal([1, 2, 3, 4, 5, 6, 1, 2, 3, 4], reports.Select(report => report.Iteration));
        Assert.All(reports, report => Assert.Equal(report.Loss, Assert.Single(report.Losses).Total));
        Assert.All(reports, report => Assert.Equal(report.Loss, report.Losses[0].Terms.Zip(report.Losses[0].Raw)
            .Sum(pair => pair.First.Weight * pair.Second), 1e-4 * report.Loss));
        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => Task.Run(() => reports[3].Snapshot()));
        Assert.Contains("the report is over", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_picture_may_be_copied_by_another_thread_while_the_run_waits()
    {
        List<float[]> here = [], there = [];
        using var result = Run(Small, report =>
        {
            here.Add(Copy(report));
            there.Add(Task.Run(() => Copy(report)).Result);
        });
        Assert.Equal(10, here.Count);
        Assert.Equal(here, there);
        Assert.Equal(result.Image.data<float>().ToArray(), here[^1]);

        static float[] Copy(RunProgress report)
        {
            using var picture = report.Snapshot();
            return picture.data<float>().ToArray();
        }
    }

    [Fact]
    public void A_result_of_picture_files_is_saved_with_the_record_of_how_it_was_made()
    {
        using var folder = new TempFolder();
        using (var content = TinyNetworks.Picture(64, 48, 1)) PictureWriter.Save(content, folder["content.png"], new PictureOutput());
        using (var style = TinyNetworks.Picture(48, 48, 2)) PictureWriter.Save(style, folder["style.png"], new PictureOutput());
        using var photograph = Picture.Load(folder["content.png"]);
        using var painting = Picture.Load(folder["style.png"]);
        using var result = StyleTransfer.Run(new StyleInputs(photograph, painting), TinyNetworks.Random(), Small, null,
            TestContext.Current.CancellationToken);
        result.Save(folder["out.png"], new PictureOutput { BitDepth = 16 });
        var record = RunRecord.FromJson(PictureMetadata.TryRead(folder["out.png"])!);
        Assert.Equal(new InputFile(folder["content.png"], photograph.Sha256), record.Content);
        Assert.Equal([new InputFile(folder["style.png"], painting.Sha256)], record.Styles);
        Assert.Equal((Small.Size, 16, true, "seed-1"),
            (record.Settings.Size, record.Encoding.BitDepth, record.Completed, record.Weights.Sha256));

        using var memory = Run(Small);
        memory.Save(folder["memory.png"]);
        Assert.Null(PictureMetadata.TryRead(folder["memory.png"])); // its inputs have no names
    }

    [Fact]
    public void A_picture_that_fails_while_a_scale_begins_leaves_no_bound_on_memory_and_no_scope()
    {
        var before = (NativeAllocator.Bound, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        var broken = new PictureSource(new PixelSize(64, 48), _ => throw new InvalidInputException("damaged"));
        using var style = TinyNetworks.Picture(48, 48, 2);
        Assert.Throws<InvalidInputException>(() =>
            StyleTransfer.Run(new StyleInputs(broken, [PictureSource.Of(style)]), TinyNetworks.Random(),
            Small, null, TestContext.Current.CancellationToken));
        style.Dispose();
        Assert.Equal(before, (NativeAllocator.Bound, DisposeScopeManager.Statistics.ThreadTotalLiveCount));
    }

    [Fact]
    public void A_texture_with_circular_padding_has_no_seam()
    {
        using var result = Run(Small with { ContentWeight = 0, Start = StartImage.Parse("noise"), Padding = PaddingMode.Circular,
            FirstIterations = 60, Iterations = 40 });
        var image = result.Image;
        double Step(Tensor a, Tensor b) => (a - b).abs().mean().ToDouble();
        var within = Step(image.narrow(3, 0, 63), image.narrow(3, 1, 63));
        Assert.InRange(Step(image.narrow(3, 0, 1), image.narrow(3, 63, 1)), 0, 1.5 * within);
    }

    [Theory]
    [InlineData("content")]
    [InlineData("noise")]
    public void The_content_is_decoded_once_for_each_size(string start)
    {
        using var scope = NewDisposeScope();
        var (content, style) = (PictureSource.Of(TinyNetworks.Picture(128, 96, 1)), PictureSource.Of(TinyNetworks.Picture(80, 64, 2)));
        List<PixelSize> rendered = [];
        using var result = StyleTransfer.Run(new StyleInputs(content with
        {
            Render = size =>
            {
                rendered.Add(size);
                return content.Render(size);
            },
        }, [style]), TinyNetworks.Random(), Small with { Size = 128, Start = StartImage.Parse(start) },
            null, TestContext.Current.CancellationToken);
        Assert.Equal([new PixelSize(32, 24), new PixelSize(64, 48), new PixelSize(128, 96)], rendered);
    }

    [Fact]
    public void A_run_leaves_no_tensor_behind()
    {
        Run(Small).Dispose(); // whatever is made once and kept
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        Run(Small).Dispose();
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void A_layer_that_the_weights_do_not_reach_is_named_with_the_deepest_one()
    {
        using var scope = NewDisposeScope();
        var inputs = new StyleInputs(PictureSource.Of(TinyNetworks.Picture(64, 48, 1)),
            [PictureSource.Of(TinyNetworks.Picture(64, 48, 2))]);
        var failure = Assert.Throws<InvalidInputException>(() =>
            StyleTransfer.Run(inputs, TinyNetworks.Random([4, 4]), Small, null, TestContext.Current.CancellationToken));
        Assert.Contains("relu4_2", failure.Message, StringComparison.Ordinal);
        Assert.Contains("relu2_2", failure.Message, StringComparison.Ordinal);
    }

    private static StyleResult Run(StyleSettings settings, Action<RunProgress>? progress = null, CancellationTokenSource? stop = null) =>
        Run(settings, progress is null ? null : new Told(progress), stop);

    private static StyleResult Run(StyleSettings settings, IProgress<RunProgress>? progress, CancellationTokenSource? stop = null)
    {
        using var content = TinyNetworks.Picture(64, 48, 1);
        using var style = TinyNetworks.Picture(80, 64, 2);
        using var start = TinyNetworks.Picture(50, 50, 3);
        var inputs = new StyleInputs(PictureSource.Of(content), [PictureSource.Of(style)], Start: PictureSource.Of(start));
        return StyleTransfer.Run(inputs, TinyNetworks.Random(), settings,
            new RunSettings { Progress = progress }, stop?.Token ?? TestContext.Current.CancellationToken);
    }
}

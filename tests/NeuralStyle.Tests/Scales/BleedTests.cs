using CsCheck;
using NeuralStyle.Evaluation.Tiling;
using NeuralStyle.Imaging;
using NeuralStyle.Memory;
using NeuralStyle.Runs;
using NeuralStyle.Scales;
using NeuralStyle.Settings;
using NeuralStyle.Tests.Infra;
using NeuralStyle.Vgg;
using TorchSharp;
using static TorchSharp.torch;

namespace NeuralStyle.Tests.Scales;

/// <summary>What is painted beyond the borders: mirrored, never seen, never handed on.</summary>
public sealed class BleedTests
{
    private static readonly MemoryChoice s_memory = new(TileSize.Whole, 10);

    [Fact]
    public void What_is_added_mirrors_the_picture_and_is_cut_off_again() =>
        Gen.Select(Gen.Int[1, 40], Gen.Int[1, 40], Gen.Int[0, 60]).Sample((width, height, wanted) =>
        {
            using var scope = NewDisposeScope();
            var picture = TinyNetworks.Picture(width, height, 1);
            var size = new PixelSize(width, height);
            var bleed = Bleed.At(size, new StyleSettings { Size = 5000, Bleed = wanted });
            Assert.Equal(Math.Min(wanted, size.ShortSide / 2), bleed.Pixels);
            Assert.InRange(bleed.Right - bleed.Pixels, 0, 15);
            Assert.InRange(bleed.Bottom - bleed.Pixels, 0, 15);
            var around = bleed.Add(picture.clone());
            Assert.Equal(bleed.Around(size), ImageTensor.SizeOf(around));
            Assert.True(bleed.Cut(around).equal(picture).all().item<bool>());
            var (first, right, last) = (bleed.Pixels, bleed.Pixels + width - 1, bleed.Pixels + height - 1);
            for (var i = 1; i <= bleed.Pixels; i++) Assert.True(around[0, 0, first - i].equal(around[0, 0, first + i]).all().item<bool>());
            for (var i = 1; i <= bleed.Bottom; i++) Assert.True(around[0, 0, last + i].equal(around[0, 0, last - i]).all().item<bool>());
            for (var i = 1; i <= bleed.Right; i++)
                Assert.True(around[.., .., .., right + i].equal(around[.., .., .., right - i]).all().item<bool>());
        }, iter: 50);

    [Fact]
    public void Deep_layers_see_all_of_the_picture() =>
        Gen.Select(Gen.Int[40, 4000], Gen.Int[40, 4000], Gen.Int[1, 20]).Sample((width, height, wanted) =>
        {
            var size = new PixelSize(width, height);
            var worked = Bleed.At(size, new StyleSettings { Size = 5000, Bleed = wanted }).Around(size);
            // what is after the last whole cell of four poolings is left out
            Assert.Equal((0, 0), (worked.Width % 16, worked.Height % 16));
        });

    [Fact]
    public void Published_methods_have_none()
    {
        foreach (var name in (string[])["gatys", "crowson"])
            Assert.Equal(new PixelSize(333, 201), Bleed.At(new PixelSize(333, 201), Presets.Find(name)).Around(new PixelSize(333, 201)));
    }

    [Fact]
    public void Borders_that_wrap_need_none() =>
        Assert.Equal(0, Bleed.At(new PixelSize(64, 64), new StyleSettings { Bleed = 8, Padding = PaddingMode.Circular }).Pixels);

    [Fact]
    public void The_last_scale_has_none()
    {
        Assert.Equal(new Bleed(0, 0, 0), Bleed.At(new PixelSize(512, 383), new StyleSettings { Size = 512, Bleed = 8 }));
        Assert.Equal(new Bleed(8, 8, 9), Bleed.At(new PixelSize(256, 191), new StyleSettings { Size = 512, Bleed = 8 }));
    }

    [Theory]
    [InlineData(OptimizerKind.Adam)]
    [InlineData(OptimizerKind.Lbfgs)]
    public void What_stands_there_is_not_enlarged(OptimizerKind optimizer)
    {
        using var scope = NewDisposeScope();
        var settings = new StyleSettings { Bleed = 3, Optimizer = optimizer };
        var black = new StyleInputs(PictureSource.Of(zeros(1, 3, 40, 50)), [PictureSource.Of(zeros(1, 3, 40, 50))]);
        var (small, large) = (At(new PixelSize(50, 40)), At(new PixelSize(100, 80)));
        using var begun = RunState.Start(black, settings, small, s_memory, CPU);
        var saved = begun.Save().ToDictionary(entry => entry.Key, entry => entry.Value.clone().DetachFromDisposeScope());
        saved["image"].fill_(1); // a white frame around black
        new Bleed(3, 11, 5).Cut(saved["image"]).zero_();
        if (optimizer == OptimizerKind.Adam) // its moments are white there too
            foreach (var (name, value) in (ReadOnlySpan<(string, Tensor)>)[("first", saved["image"].clone()),
                ("second", saved["image"].clone()), ("steps", tensor(1L)), ("unit", tensor(1.0))])
                saved[$"optimizer/{name}"] = value.DetachFromDisposeScope();
        using var state = RunState.Restore(settings, [small, large], s_memory, 0, 0, saved, CPU);
        state.Enlarge(black, small, large, s_memory);
        var enlarged = state.Picture();
        Assert.Equal([1, 3, 96, 112], enlarged.shape);
        Assert.Equal(0, enlarged.max().ToSingle());
        if (optimizer == OptimizerKind.Adam) Assert.Equal(0, state.Save()["optimizer/first"].max().ToSingle());

        Scale At(PixelSize size) => new(size, 1, Bleed.At(size, settings));
    }

    [Fact]
    public void Results_have_the_size_that_was_asked_for_and_keep_what_is_protected()
    {
        using var scope = NewDisposeScope();
        var content = TinyNetworks.Picture(64, 48, 1);
        var half = zeros(1, 3, 48, 64);
        half.narrow(3, 0, 20).fill_(1);
        var inputs = new StyleInputs(PictureSource.Of(content), [PictureSource.Of(TinyNetworks.Picture(40, 40, 2))],
            Protect: PictureSource.Of(half));
        var settings = new StyleSettings { Size = 64, MinimumSize = 32, FirstIterations = 3, Iterations = 3, Bleed = 5 };
        var seen = new List<PixelSize>();
        using var result = StyleTransfer.Run(inputs, TinyNetworks.Random(), settings, new RunSettings { Progress = new Told(report =>
        {
            using var snapshot = report.Snapshot();
            Assert.Equal(report.Size, ImageTensor.SizeOf(snapshot));
            seen.Add(report.Size);
        }) }, TestContext.Current.CancellationToken);
        Assert.Equal([new PixelSize(32, 24), new PixelSize(64, 48)], seen.Distinct());
        Assert.Equal([1, 3, 48, 64], result.Image.shape);
        Assert.True(result.Image.narrow(3, 0, 20).equal(content.narrow(3, 0, 20)).all().item<bool>());
        Assert.NotEqual(0, (result.Image - content).abs().max().ToSingle());
    }
}

using NeuralStyle.Imaging;
using NeuralStyle.Scales;
using NeuralStyle.Settings;
using TorchSharp;
using static TorchSharp.torch;

namespace NeuralStyle.Tests.Scales;

/// <summary>What a scale begins with.</summary>
public sealed class EnlargementTests : IDisposable
{
    private static readonly PixelSize s_small = new(20, 16), s_large = new(40, 32);

    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly Tensor _content = TinyNetworks.Picture(40, 32, 1);
    private readonly Tensor _picture = TinyNetworks.Picture(20, 16, 2);

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void The_content_itself_gets_all_its_detail_back()
    {
        var shrunk = ImageTensor.Resize(_content, s_small);
        Assert.InRange(Distance(Of(shrunk, 1, "content"), _content), 0, 1e-6f);
        Assert.InRange(Distance(Of(shrunk, 0.5, "content"), (_content + ImageTensor.Resize(shrunk, s_large)) / 2), 0, 1e-6f);
    }

    [Theory]
    [InlineData(0, "content", 0)]
    [InlineData(1, "noise", 0)]
    [InlineData(1, "style", 0)]
    [InlineData(1, "blend:0.25", 0.75)]
    [InlineData(0.5, "auto", 0.5)]
    public void Detail_is_added_as_far_as_the_run_began_with_the_content(double detail, string start, double expected)
    {
        var lost = _content - ImageTensor.Resize(ImageTensor.Resize(_content, s_small), s_large);
        Assert.InRange(Distance(Of(_picture, detail, start), (ImageTensor.Resize(_picture, s_large) + expected * lost).clamp(0, 1)), 0,
            1e-6f);
    }

    [Fact]
    public void Noise_that_strength_mixes_in_lessens_it()
    {
        var most = Of(_picture, 1, "auto", strength: 1);
        var plain = ImageTensor.Resize(_picture, s_large);
        Assert.InRange(Distance(most, plain), 1e-3f, Distance(Of(_picture, 1, "auto"), plain) / 5);
    }

    private static float Distance(Tensor a, Tensor b) => (a - b).abs().max().ToSingle();

    private Tensor Of(Tensor picture, double detail, string start, double strength = 0.5) =>
        Enlargement.Of(picture, s_large, PictureSource.Of(_content),
            new StyleSettings { Detail = detail, Start = StartImage.Parse(start), Strength = strength });
}

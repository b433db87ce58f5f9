using NeuralStyle.Cli.Jobs;
using NeuralStyle.Cli.Tests.Infra;
using NeuralStyle.Imaging;
using NeuralStyle.Runtime;
using TorchSharp;

namespace NeuralStyle.Cli.Tests.Jobs;

public sealed class SharedPicturesTests : IDisposable
{
    private static readonly PixelSize Size = new(32, 24), Larger = new(64, 48);
    private readonly TempFolder _folder = new();

    public SharedPicturesTests()
    {
        TorchRuntime.Initialize();
        TestInputs.WritePainting(_folder["style.png"], 64, 48);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_picture_is_decoded_once_for_each_size()
    {
        using var scope = torch.NewDisposeScope();
        using var shared = new SharedPictures();
        var picture = shared.Open(_folder["style.png"]);
        Assert.Same(picture, shared.Open(_folder["style.png"]));
        var first = picture.Source.Render(Size);
        File.Delete(_folder["style.png"]);
        var second = picture.Source.Render(Size);
        Assert.True(first.equal(second).all().item<bool>(), "the kept picture differs from the decoded one");
        second.fill_(0); // each caller owns what it got
        Assert.True(first.equal(picture.Source.Render(Size)).all().item<bool>(), "a caller's change reached the kept picture");
        Assert.Throws<InvalidInputException>(() => picture.Source.Render(Larger));
    }

    [Fact]
    public void Past_the_budget_the_oldest_make_room()
    {
        using var scope = torch.NewDisposeScope();
        using var shared = new SharedPictures(budget: (3 * 32 * 24 + 3 * 64 * 48 - 1) * sizeof(float));
        var source = shared.Open(_folder["style.png"]).Source;
        source.Render(Size);
        source.Render(Larger); // pushes the first out
        File.Delete(_folder["style.png"]);
        source.Render(Larger);
        Assert.Throws<InvalidInputException>(() => source.Render(Size));
    }
}

using NetVips;
using NeuralStyle.Cli.Tests.Infra;

namespace NeuralStyle.Cli.Tests.Commands;

/// <summary><c>nst evaluate</c> keeps <c>--memory</c>, and takes nothing that does not fit.</summary>
public sealed class EvaluateMemoryTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public EvaluateMemoryTests()
    {
        TestInputs.WritePhotograph(_folder["c.png"], 64, 48);
        TestInputs.WritePainting(_folder["s.png"], 64, 64);
        TestInputs.WriteWeights(_folder["tiny.npz"]);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_picture_that_needs_more_than_is_allowed_is_refused_before_it_is_decoded()
    {
        using (var large = Image.Black(3000, 3000, bands: 3)) large.WriteToFile(_folder["large.png"]);
        var result = await Run("large.png", "--memory", "1G");
        Assert.Equal(2, result.Code);
        var line = Assert.Single(result.Complaints);
        foreach (var part in (string[])["3000x3000 pixels need about", "1 GiB are allowed", "--size", "--memory"])
            Assert.Contains(part, line);
        Assert.Equal(0, (await Run("large.png", "--memory", "2G", "--size", "64")).Code);
    }

    [Fact]
    public async Task A_large_picture_is_refused_by_what_is_free()
    {
        using (var huge = Image.Black(30_000, 30_000)) huge.WriteToFile(_folder["huge.png"]); // some 100 kB
        var result = await Run("huge.png");
        Assert.Equal(2, result.Code);
        Assert.Contains("30000x30000 pixels need about", Assert.Single(result.Complaints));
    }

    private Task<NstResult> Run(string image, params string[] more) => Nst.RunAsync(
        ["evaluate", _folder["c.png"], _folder["s.png"], _folder[image], "--weights", _folder["tiny.npz"], "-q", .. more]);
}

using NeuralStyle.Cli.Tests.Infra;

namespace NeuralStyle.Cli.Tests.Options;

/// <summary>Wrong uses of the checkpoint options, each refused in one line ahead of any work.</summary>
public sealed class CheckpointOptionTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("--no-checkpoint and --resume were both given; leave out one of them", "--no-checkpoint", "--resume")]
    [InlineData("--no-checkpoint and --checkpoint were both given; leave out one of them", "--no-checkpoint", "--checkpoint",
        "a.nst-checkpoint")]
    [InlineData("--checkpoint-every is -1; expected minutes from 0 to 10080", "--checkpoint-every", "-1")]
    [InlineData("--checkpoint-every 'often' is not a number; write a decimal point, for instance 0.5", "--checkpoint-every", "often")]
    [InlineData("--checkpoint 'content.png' is also an input, the content 'content.png'; choose another name, so that nothing is lost",
        "--checkpoint", "content.png")]
    [InlineData("--checkpoint '/' is a folder; name a file", "--checkpoint", "/")]
    public async Task What_cannot_be_meant_is_refused(string message, params string[] options)
    {
        var result = await Nst.RunAsync(["content.png", "style.png", "-o", _folder["out.png"], .. options]);
        Assert.Equal(2, result.Code);
        Assert.Equal([$"nst: error: {message}"], result.Complaints);
    }

    [Fact]
    public async Task The_start_picture_is_not_overwritten()
    {
        TestInputs.WritePhotograph(_folder["start.png"], 8, 8);
        var start = _folder["start.png"];
        var result = await Nst.RunAsync("content.png", "style.png", "-o", _folder["out.png"], "--init", start, "--checkpoint", start);
        Assert.Equal(2, result.Code);
        var expected = $"--checkpoint '{start}' is also an input, --init '{start}'; choose another name, so that nothing is lost";
        Assert.Equal([$"nst: error: {expected}"], result.Complaints);
    }

    [Fact]
    public async Task A_folder_that_is_not_there_is_named()
    {
        var result = await Nst.RunAsync("content.png", "style.png", "-o", _folder["out.png"], "--checkpoint", _folder["none/run"]);
        Assert.Equal(2, result.Code);
        Assert.Contains($"the folder '{_folder["none"]}' does not exist", result.Error);
    }
}

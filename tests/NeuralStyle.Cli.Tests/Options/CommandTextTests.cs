using System.Diagnostics;
using NeuralStyle.Cli.Options;

namespace NeuralStyle.Cli.Tests.Options;

public sealed class CommandTextTests
{
    [Fact]
    public void Plain_arguments_stay_plain() => Assert.Equal("nst a.jpg -o über/out.png --style-layers relu1_1:2,relu2_1",
        CommandText.Of(["a.jpg", "-o", "über/out.png", "--style-layers", "relu1_1:2,relu2_1"], windows: false));

    [Fact]
    public void Windows_has_double_quotes() => Assert.Equal("nst \"a b.jpg\"", CommandText.Of(["a b.jpg"], windows: true));

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("it's")]
    [InlineData("$(touch x) `y` \\ * ? \"q\" ; & | > <")]
    [InlineData("line\n")]
    [InlineData("~/x")]
    [InlineData("#x")]
    public async Task A_shell_reads_back_what_was_quoted(string argument)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "there is no sh");
        var command = CommandText.Of([argument], windows: false)["nst ".Length..];
        using var shell = Process.Start(new ProcessStartInfo("sh", ["-c", $"printf '<%s>' {command}"]) { RedirectStandardOutput = true })!;
        Assert.Equal($"<{argument}>", await shell.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken));
    }
}

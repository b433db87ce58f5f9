using NeuralStyle.Cli.Commands;
using NeuralStyle.Cli.Tests.Infra;

namespace NeuralStyle.Cli.Tests.Commands;

public sealed class HelpTests
{
    [Fact]
    public async Task Help_groups_the_options_and_shows_their_defaults()
    {
        var result = await Nst.RunAsync("--help");
        Assert.Equal(0, result.Code);
        Assert.Empty(result.Error);
        foreach (var heading in (string[])["Usage:", "Output:", "Size:", "Losses:", "Optimisation:", "Network:", "Run:"])
            Assert.Contains(heading, result.Output);
        Assert.Contains("nst CONTENT STYLE", result.Output);
        Assert.Matches(@"--size N +long side of the result in pixels \[512\]", result.Output);
    }

    [Fact]
    public async Task Every_command_explains_itself()
    {
        foreach (var command in RootCommandFactory.Create().Subcommands.Where(command => !command.Hidden))
        {
            var result = await Nst.RunAsync(command.Name, "--help");
            Assert.Equal(0, result.Code);
            Assert.Contains(command.Description!, result.Output);
            foreach (var option in command.Options) Assert.Contains(option.Name, result.Output);
            Assert.DoesNotContain("nst CONTENT STYLE", result.Output);
        }
    }

    [Fact]
    public async Task Without_arguments_help_is_shown_and_the_exit_code_says_that_something_is_missing()
    {
        var result = await Nst.RunAsync();
        Assert.Equal(2, result.Code);
        Assert.Contains("Usage:", result.Output);
    }

    [Fact]
    public async Task Help_loads_neither_libtorch_nor_libvips()
    {
        // In a process of its own: here libtorch may be loaded already.
        var result =
            await Nst.FinishAsync(Nst.Start(Path.GetTempPath(), new Dictionary<string, string> { ["LD_DEBUG"] = "files" }, "--help"));
        Assert.Equal(0, result.Code);
        Assert.DoesNotContain("libtorch_cpu", result.Error);
        Assert.DoesNotContain("libvips", result.Error);
    }
}

using NeuralStyle.Cli.Commands;
using NeuralStyle.Cli.Tests.Infra;

namespace NeuralStyle.Cli.Tests.Commands;

/// <summary>docs/options.md, which the program writes itself.</summary>
public sealed class OptionsPageTests
{
    [Fact]
    public async Task The_page_in_the_documentation_is_the_one_that_the_program_writes()
    {
        var result = await Nst.RunAsync("options");
        Assert.Equal((0, ""), (result.Code, result.Error));
        var committed = Repository.File("docs", "options.md");
        Assert.True(File.ReadAllText(committed).ReplaceLineEndings("\n") == result.Output.ReplaceLineEndings("\n"),
            "docs/options.md is stale; write it again: dotnet run -c Release --project src/NeuralStyle.Cli -- options > docs/options.md");
    }

    [Fact]
    public async Task Every_option_of_every_command_is_on_the_page()
    {
        var page = (await Nst.RunAsync("options")).Output;
        var sections = page.Split("\n## `");
        foreach (var (path, command) in All("nst", RootCommandFactory.Create()))
        {
            var section = Assert.Single(sections, section => section.StartsWith(string.Join(' ',
                command.Arguments.Select(argument => argument.Name).Prepend(path)).Replace("STYLE",
                command.Parents.Any() ? "STYLE" : "STYLE… -o OUT", StringComparison.Ordinal) + "`", StringComparison.Ordinal));
            foreach (var option in command.Options.Where(option => !option.Hidden
                && option is not System.CommandLine.Help.HelpOption and not System.CommandLine.VersionOption))
                Assert.Contains($"`{option.Name}`", section);
        }
        Assert.Contains("| `--size`, `-s` | `N` | `512` | long side of the result in pixels |", page);
        Assert.DoesNotContain("nst options`", page[page.IndexOf("## ", StringComparison.Ordinal)..]);
    }

    [Fact]
    public async Task The_help_page_does_not_list_it() => Assert.DoesNotContain("nst options", (await Nst.RunAsync("--help")).Output);

    private static IEnumerable<(string Path, System.CommandLine.Command Command)> All(string path, System.CommandLine.Command command) =>
        command.Subcommands.Where(child => !child.Hidden).SelectMany(child => All($"{path} {child.Name}", child)).Prepend((path, command));
}

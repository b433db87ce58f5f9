using System.CommandLine;
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
            var words = result.Output.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            Assert.Contains(command.Description!, string.Join(' ', words));
            foreach (var option in command.Options) Assert.Contains(option.Name, result.Output);
            Assert.DoesNotContain("nst CONTENT STYLE", result.Output);
        }
    }

    [Fact]
    public async Task Without_arguments_the_usage_is_shown_and_the_exit_code_says_that_something_is_missing()
    {
        var result = await Nst.RunAsync();
        Assert.Equal(2, result.Code);
        Assert.StartsWith("Usage:", result.Output, StringComparison.Ordinal);
        Assert.Contains("nst --help", result.Output);
        Assert.InRange(result.Output.Split('\n').Length, 5, 12);
    }

    public static TheoryData<string> Commands => [.. All(RootCommandFactory.Create()).Select(HelpPageAction.PathOf)];

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task Every_page_has_usage_and_two_examples_that_parse_and_lists_help(string path)
    {
        var page = (await Nst.RunAsync([.. path.Split(' ')[1..], "--help"])).Output;
        Assert.Contains($"Usage:\n  {path}", page);
        Assert.Contains("-h, --help", page);
        Assert.Equal(path == "nst", page.Contains("  --version", StringComparison.Ordinal));
        var lines = page.Split('\n').SkipWhile(line => line != "Examples:").Skip(1).TakeWhile(line => line.Length > 0).ToArray();
        var examples = string.Join('\n', lines).Replace("\n      ", " ", StringComparison.Ordinal).Split('\n');
        Assert.Equal(2, examples.Length);
        foreach (var example in examples)
        {
            Assert.StartsWith("  " + path, example, StringComparison.Ordinal);
            var words = example.Split('>')[0].Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..];
            var parse = RootCommandFactory.Create().Parse(words);
            Assert.Empty(parse.Errors);
            Assert.DoesNotContain(parse.CommandResult.Command.Arguments.SelectMany(argument => parse.GetResult(argument)?.Tokens ?? []),
                token => token.Value.StartsWith('-'));
        }
    }

    [Theory]
    [InlineData("40")]
    [InlineData("80")]
    [InlineData("120")]
    [InlineData("")]
    public async Task Pages_are_wrapped_between_words_at_the_width_of_the_terminal(string columns)
    {
        var environment = new Dictionary<string, string> { ["COLUMNS"] = columns };
        var width = columns.Length == 0 ? 80 : int.Parse(columns, System.Globalization.CultureInfo.InvariantCulture);
        foreach (var command in (string[][])[[], ["--help"], ["batch", "--help"], ["weights", "fetch", "--help"]])
        {
            var page = (await Nst.FinishAsync(Nst.Start(Path.GetTempPath(), environment, command))).Output;
            Assert.All(page.Split('\n'), line => Assert.InRange(line.Length, 0, width));
            if (command.Length == 1 && width >= 80) Assert.Matches(@"--size N +long side of the result in pixels \[512\]", page);
        }
    }

    private static IEnumerable<Command> All(Command command) =>
        command.Subcommands.Where(child => !child.Hidden).SelectMany(All).Prepend(command);

    [Theory]
    [InlineData(0, "--help")]
    [InlineData(2, "nothing.png", "nothing.jpg", "-o", "new.png")]
    public async Task Neither_help_nor_what_is_missing_needs_libtorch_or_libvips(int code, params string[] command)
    {
        // In a process of its own: here libtorch may be loaded already.
        var environment = new Dictionary<string, string> { ["LD_DEBUG"] = "files" };
        var result = await Nst.FinishAsync(Nst.Start(Path.GetTempPath(), environment, command));
        Assert.Equal(code, result.Code);
        Assert.DoesNotContain("libtorch_cpu", result.Error);
        Assert.DoesNotContain("libvips", result.Error);
    }
}

using System.Diagnostics;
using NeuralStyle.Cli.Tests.Infra;

namespace NeuralStyle.Cli.Tests.Commands;

/// <summary>Completion by Tab, run in a real shell, and the manual page.</summary>
public sealed class CompletionTests
{
    [Fact]
    public async Task Bash_completes_commands_options_values_and_files()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/bash") || File.Exists("/bin/bash"), "needs bash");
        using var folder = new TempFolder();
        File.WriteAllText(folder["photo 1.jpg"], "");
        var script = $$"""
            nst() { dotnet '{{Path.Combine(AppContext.BaseDirectory, "nst.dll")}}' "$@"; }
            eval "$(nst completion bash)"
            for line in 'nst wei' 'nst --pooling ' 'nst photo.jpg --qua' 'nst phot' 'nst weights inspect buil' 'nst weights list -'; do
                COMP_LINE=$line COMP_POINT=${#line} words=($line)
                [[ $line == *' ' ]] && words+=('')
                _nst nst "${words[-1]}" "${words[-2]}"
                (IFS=,; echo "${COMPREPLY[*]}")
            done
            """;
        var result = await Nst.FinishAsync(Process.Start(new ProcessStartInfo("bash", ["-c", script])
        {
            WorkingDirectory = folder.Root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!);
        Assert.Equal("", result.Error);
        Assert.Equal(["weights", "avg,max", "--quality", "photo 1.jpg", "builtin", "--help,-h"], result.Output.TrimEnd().Split('\n'));
    }

    [Theory]
    [InlineData("bash", "complete -F _nst nst")]
    [InlineData("zsh", "compdef _nst nst")]
    [InlineData("fish", "complete -c nst")]
    public async Task Every_shell_has_its_script(string shell, string expected)
    {
        var result = await Nst.RunAsync("completion", shell);
        Assert.Equal((0, ""), (result.Code, result.Error));
        Assert.Contains(expected, result.Output);
        Assert.Contains("[suggest:", result.Output);
    }

    [Fact]
    public async Task The_manual_page_has_every_command_and_option_and_no_line_that_is_a_wrong_request()
    {
        var page = (await Nst.RunAsync("manual")).Output;
        string[] all = ["\\-\\-style\\-weights", "NST WEIGHTS FETCH", "\\-\\-shard", "EXIT STATUS", "\\-\\-changed\\-inputs"];
        foreach (var name in all)
            Assert.Contains(name, page);
        Assert.All(page.Split('\n').Where(line => line.StartsWith('.') || line.StartsWith('\'')),
            line => Assert.Contains(line.Split(' ')[0], (string[])[".TH", ".SH", ".TP", ".B", ".I", ".P", ".br"]));
    }
}

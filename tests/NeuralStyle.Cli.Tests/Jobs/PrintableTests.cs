using NeuralStyle.Cli.Jobs;
using NeuralStyle.Cli.Tests.Infra;

namespace NeuralStyle.Cli.Tests.Jobs;

/// <summary>No name and no text of others reaches the terminal with control codes.</summary>
public sealed class PrintableTests : IDisposable
{
    private const string Evil = "e\u001b[31mRED\u009b2J\u0007\u202e.png";
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Control_characters_and_turns_of_direction_are_shown_as_codes()
    {
        Assert.Equal(@"e\u001b[31mRED\u009b2J\u0007\u202e.png", Printable.Of(Evil));
        Assert.Equal(@"a\u000ab", Printable.Of("a\nb"));
        Assert.Equal("a\nb", Printable.Of("a\nb", lines: true));
        Assert.Equal("Käse 画 🎨\t.png", Printable.Of("Käse 画 🎨\t.png"));
    }

    [Fact]
    public async Task A_name_with_a_line_end_stays_in_one_line_everywhere()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "no file has such a name there");
        var name = $"up\nbelow\tright{Evil}";
        TestInputs.WritePhotograph(_folder[name], 32, 32);
        TestInputs.WriteWeights(_folder["tiny.npz"]);
        string[] brief = ["--weights", _folder["tiny.npz"], "--size", "32", "--first-iterations", "1", "--iterations", "1"];
        string[][] commands =
        [
            [_folder[name], _folder[name], "-o", _folder["new" + name], .. brief],
            [_folder[name], _folder[name], "-o", _folder["new" + name], "--verbose", .. brief], // replaces
            ["rerun", _folder["new" + name], "-o", _folder["again" + name], .. brief],
            ["batch", _folder[name], _folder[name], "-o", _folder["out"], "--dry-run", .. brief],
            ["batch", _folder[name], _folder[name], "-o", _folder["out"], .. brief],
            ["batch", _folder[name], _folder["absent" + name], "-o", _folder["out"], .. brief],
            [_folder["absent" + name], _folder[name], "-o", _folder["o.png"], .. brief],
            ["weights", "verify", _folder[name]],
        ];
        foreach (var command in commands)
        {
            var result = await Nst.RunAsync(command);
            var lines = (result.Output + result.Error).Split('\n');
            Assert.Contains(lines, line => line.Contains(@"up\u000abelow", StringComparison.Ordinal));
            Assert.All(lines, line => Assert.False(line.StartsWith("below", StringComparison.Ordinal)
                || line.Any(character => char.IsControl(character) && character is not ('\t' or '\r')), line));
        }
        var row = Assert.Single((await Nst.RunAsync(commands[3])).Output.TrimEnd().Split('\n'));
        Assert.Equal(4, row.Split('\t').Length);
        Assert.EndsWith("\tup to date", row, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Messages_of_single_runs_and_batches_hold_none()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "no file has such a name there");
        File.WriteAllText(_folder[Evil], "no picture");
        TestInputs.WritePainting(_folder["style.png"], 32, 32);
        TestInputs.WriteWeights(_folder["tiny.npz"]);
        string[][] commands =
        [
            [_folder[Evil], _folder["style.png"], "-o", _folder["o.png"]],
            [_folder["style.png"], _folder["style.png"], "-o", _folder["o.png"], "--weights", _folder[Evil]],
            ["batch", _folder[Evil], _folder["style.png"], "-o", _folder["out"], "--weights", _folder["tiny.npz"]],
            ["weights", "inspect", _folder[Evil]],
            ["rerun", _folder[Evil]],
            ["--no-such-" + Evil],
        ];
        foreach (var command in commands)
        {
            var result = await Nst.RunAsync(command);
            Assert.NotEqual(0, result.Code);
            Assert.Contains(@"\u001b", result.Error);
            Assert.DoesNotContain(result.Error, character => char.IsControl(character) && character is not ('\n' or '\r'));
        }
    }
}

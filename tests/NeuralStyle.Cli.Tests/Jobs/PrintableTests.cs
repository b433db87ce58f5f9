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

using NeuralStyle.Cli.Tests.Infra;

namespace NeuralStyle.Cli.Tests;

public sealed class BadUsageTests
{
    [Theory]
    [InlineData("a.png", "expected: nst CONTENT STYLE [-o OUT]")]
    [InlineData("help", "type nst --help")]
    [InlineData("a.png s.png @absent.txt", "type ./@absent.txt")]
    [InlineData("@absent.png s.png -o o.png", "there is no response file 'absent.png'")]
    [InlineData("weights remove", "'remove' is not a command of 'nst weights'; valid: list, fetch")]
    [InlineData("weights fecth slim", "did you mean 'fetch'?")]
    [InlineData("bacth photos styles", "did you mean 'nst batch'?")]
    [InlineData("bacth --pairs p.csv -o out", "did you mean 'nst batch'?")]
    [InlineData("wieghts list", "did you mean 'nst weights'?")]
    [InlineData("presest", "did you mean 'nst presets'?")]
    [InlineData("halp", "type nst --help")]
    [InlineData("weights inspect a.npz --size 3", "option '--size' is not known; valid: --help")]
    [InlineData("weights", "'nst weights' needs a command: list, fetch")]
    [InlineData("rerun a.png --sise 3", "did you mean '--size'?")]
    [InlineData("rerun a.png --sise 3", "see 'nst rerun --help'")]
    [InlineData("batch photos styles -o x --resumed", "see 'nst batch --help'")]
    [InlineData("weights convert a b --halve", "did you mean '--half'?")]
    [InlineData("--content a.png --style s.png", "named without options")]
    [InlineData("a.png -o o.png", "no style picture")]
    [InlineData(" s.png -o o.png", "an argument is empty")]
    [InlineData("a.png s.png -o o.png --init ", "--init is empty; expected a value")]
    [InlineData("batch a.png s.png -o ", "-o is empty")]
    [InlineData("rerun ", "an argument is empty")]
    [InlineData("-- a.png s.png -o o.png", "options come before --")]
    [InlineData("completion tcsh", "valid: bash, zsh, fish")]
    [InlineData("a.png s.png -o o.png --size 3.5", "--size '3.5' is not a whole number")]
    [InlineData("a.png s.png -o o.png --size -1", "--size is -1; expected a number from 32")]
    [InlineData("a.png s.png -o o.png --size 99999999", "--size is 99999999")]
    [InlineData("a.png s.png -o o.png --iterations -5", "--iterations is -5")]
    [InlineData("a.png s.png -o o.png --content-weight -1", "--content-weight is -1")]
    [InlineData("a.png s.png -o o.png --content-weight nan", "not a number")]
    [InlineData("a.png s.png -o o.png --content-weight 1,5", "not a number")]
    [InlineData("a.png s.png -o o.png --content-weight 0 --style-weight 0", "both 0")]
    [InlineData("a.png s.png -o o.png --preset gatis", "did you mean 'gatys'?")]
    [InlineData("a.png s.png -o o.png --pooling mean", "valid: max, avg")]
    [InlineData("a.png s.png -o o.png --style-layers relu9_1", "'relu9_1' is not a layer")]
    [InlineData("a.png s.png -o o.png --style-layers relu1_1,relu1_1", "names relu1_1 twice")]
    [InlineData("a.png s.png -o o.png --style-layers relu1_1:x", "'x' is not a number")]
    [InlineData("a.png s.png -o o.png --init blend:2", "from 0 to 1")]
    [InlineData("a.png s.png -o o.png --threads 0", "--threads is 0")]
    [InlineData("a.png s.png -o o.png --bit-depth 12", "expected 8 or 16")]
    [InlineData("a.png s.png -o o.png --quality 101", "--quality is 101")]
    [InlineData("a.png s.png -o o.png --memory much", "--memory 'much' is not an amount")]
    [InlineData("a.png s.png -o o.png --precision half", "--precision 'half' is not known; valid: float32, tf32, bfloat16")]
    [InlineData("a.png s.png -o o.png --bleed 257", "--bleed is 257; expected a number from 0 to 256")]
    [InlineData("a.png s.png -o o.png --bleed 8 --padding circular", "--bleed has no effect with circular padding")]
    [InlineData("a.png s.png -o o.png --detail 1.5", "--detail is 1.5; expected a number from 0 to 1")]
    [InlineData("a.png s.png -o o.png --detail 1 --init noise", "--detail has no effect on a run that starts from noise")]
    [InlineData("a.png s.png -o o.png --detail 1 --init blend:1", "--detail has no effect on a run that starts from blend:1")]
    [InlineData("-o o.png --texture s.png --tileable --bleed 8", "--tileable and --bleed were both given")]
    [InlineData("-o o.png --texture s.png --detail 1", "--texture and --detail were both given")]
    [InlineData("-o o.png --texture s.png --texture t.png", "--texture was given more than once")]
    [InlineData("a.png s.png -o o.png --tile 3", "--tile is 3")]
    [InlineData("a.png s.png -o o.png --tile 256 --memory 4G", "both given")]
    [InlineData("a.png s.png -o o.png --sizes 3", "did you mean '--size'?")]
    [InlineData("batch --halp", "option '--halp' is not known; did you mean '--help'?")]
    [InlineData("evaluate", "CONTENT and STYLE and IMAGE are missing; expected: nst evaluate CONTENT STYLE IMAGE")]
    [InlineData("rerun", "PICTURE is missing; expected: nst rerun PICTURE")]
    [InlineData("a.png s.png -o o.png --init random", "--init 'random' does not exist; expected auto, content, noise")]
    [InlineData("a.png s.png -o o.png --preprocessing imagenet", "--preprocessing 'imagenet' is not known; valid: caffe-rgb")]
    [InlineData("a.png s.png -o o.png --preview 8201", "write --preview:8201")]
    [InlineData("a.png s.png -o o.png --preview=82010", "--preview-port is '82010'")]
    [InlineData("a.png s.png -o o.png --history 30 --optimizer adam", "--history has no effect with --optimizer adam")]
    [InlineData("a.png s.png -o o.docx", "o.docx")]
    [InlineData("a.png s.png -o missing-folder/o.png", "missing-folder")]
    public async Task A_wrong_command_line_gets_one_line_that_says_what_is_wrong(string commandLine, string expected)
    {
        var result = await Nst.RunAsync(commandLine.Split(' '));
        Assert.Equal(2, result.Code);
        Assert.Contains(expected, Assert.Single(result.Complaints));
        Assert.Empty(result.Output);
        Assert.DoesNotContain("   at ", result.Error);
    }

    [Theory]
    [InlineData("bench extra", "nst: error: Unrecognized command or argument 'extra'; see 'nst bench --help'")]
    [InlineData("evaluate a.png s.png --json",
        "nst: error: IMAGE is missing; expected: nst evaluate CONTENT STYLE IMAGE; see 'nst evaluate --help'")]
    [InlineData("weights fetch vgg19 vgg16", "nst: error: Unrecognized command or argument 'vgg16'; see 'nst weights fetch --help'")]
    public async Task A_wrong_command_gets_one_line_and_the_help_that_explains_it(string commandLine, string expected)
    {
        var result = await Nst.RunAsync(commandLine.Split(' '));
        Assert.Equal((2, expected, ""), (result.Code, result.Error.TrimEnd(), result.Output));
    }

    [Fact]
    public async Task An_option_without_its_value_is_named()
    {
        var result = await Nst.RunAsync("a.png", "s.png", "-o");
        Assert.Equal(2, result.Code);
        Assert.Contains("-o", Assert.Single(result.Complaints));
    }
}

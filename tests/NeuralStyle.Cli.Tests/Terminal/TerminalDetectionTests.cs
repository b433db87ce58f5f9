using NeuralStyle.Cli.Jobs;
using NeuralStyle.Cli.Terminal;
using NeuralStyle.Imaging;

namespace NeuralStyle.Cli.Tests.Terminal;

public sealed class TerminalDetectionTests
{
    [Theory]
    [InlineData("TERM=xterm-kitty KITTY_WINDOW_ID=1", ShowAs.Kitty, false, true)]
    [InlineData("TERM=xterm-ghostty", ShowAs.Kitty, false, true)]
    [InlineData("TERM=xterm-256color KONSOLE_VERSION=230800", ShowAs.Kitty, false, true)]
    [InlineData("TERM=xterm-256color TERM_PROGRAM=iTerm.app", ShowAs.Iterm, false, true)]
    [InlineData("TERM=xterm-256color TERM_PROGRAM=WezTerm", ShowAs.Iterm, false, true)]
    [InlineData("TERM=xterm-256color LC_TERMINAL=iTerm2", ShowAs.Iterm, false, true)]
    [InlineData("TERM=foot", ShowAs.Sixel, false, true)]
    [InlineData("TERM=xterm-256color COLORTERM=truecolor", ShowAs.Blocks, true, true)]
    [InlineData("TERM=xterm-256color", ShowAs.Blocks, true, false)]
    [InlineData("TERM=xterm-256color TERM_PROGRAM=Apple_Terminal", ShowAs.Blocks, false, false)]
    [InlineData("TERM=tmux-256color TMUX=/tmp/x KITTY_WINDOW_ID=1 COLORTERM=truecolor", ShowAs.Blocks, true, true)]
    [InlineData("TERM=screen STY=1 TERM_PROGRAM=iTerm.app", ShowAs.Blocks, true, false)]
    [InlineData("TERM=dumb COLORTERM=truecolor", null, false, false)]
    [InlineData("", null, false, false)]
    public void The_environment_tells_the_terminal(string environment, object? expected, bool asks, bool trueColour)
    {
        var variables = environment.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(pair => pair.Split('='))
            .ToDictionary(pair => pair[0], pair => pair[1]);
        var guess = TerminalDetection.FromEnvironment(variables.GetValueOrDefault, windows: false);
        Assert.Equal(new TerminalGuess((ShowAs?)expected, asks, trueColour), guess);
    }

    [Fact]
    public void Windows_has_colours_without_saying_so() =>
        Assert.Equal(new TerminalGuess(ShowAs.Blocks, false, true), TerminalDetection.FromEnvironment(_ => null, windows: true));

    [Theory]
    [InlineData("\e[?62;4;22c", true, 0, 0)]
    [InlineData("\e[6;20;10t\e[?64;1;2;4c", true, 10, 20)]
    [InlineData("\e[?62;22c", false, 0, 0)]
    [InlineData("\e[?4c", false, 0, 0)] // the first number is the class of the terminal
    [InlineData("\e[?62;14;41c", false, 0, 0)]
    [InlineData("\e[6;0;999999999999t\e[?62;4c", true, 0, 0)]
    [InlineData("", false, 0, 0)]
    public void The_terminals_answer_is_read(string text, bool sixel, int width, int height) =>
        Assert.Equal(new TerminalReply(sixel, width == 0 ? null : new PixelSize(width, height)), TerminalReply.Parse(text));

    [Theory]
    [InlineData(1000, 500, 80, 42, 800, 400, 80)] // as wide as the window
    [InlineData(500, 2000, 80, 42, 200, 800, 20)] // as high as the window but two lines
    [InlineData(95, 60, 80, 42, 95, 60, 10)] // never enlarged
    [InlineData(100000, 1, 80, 1, 800, 1, 80)]
    public void A_picture_is_as_large_as_the_window_allows(int width, int height, int columns, int lines, int expectedWidth,
        int expectedHeight, int expectedColumns) =>
        Assert.Equal((new PixelSize(expectedWidth, expectedHeight), expectedColumns),
            ShowSize.Fit(new PixelSize(width, height), new PixelSize(columns, lines), new PixelSize(10, 20)));
}

using NeuralStyle.Cli.Jobs;

namespace NeuralStyle.Cli.Terminal;

/// <summary>What the environment says about a terminal.</summary>
/// <param name="ShowAs">How it shows pictures; null if it shows none.</param>
/// <param name="MayKnowSixel">Whether it is worth asking the terminal for sixel graphics.</param>
/// <param name="TrueColour">Whether it has 24-bit colours; else 256.</param>
internal sealed record TerminalGuess(ShowAs? ShowAs, bool MayKnowSixel, bool TrueColour);

/// <summary>Guesses from environment variables what a terminal supports. A pure function of them.</summary>
internal static class TerminalDetection
{
    /// <param name="variable">Reads an environment variable; null when it is not set.</param>
    /// <param name="windows">Whether this is Windows, where terminals set no TERM.</param>
    public static TerminalGuess FromEnvironment(Func<string, string?> variable, bool windows)
    {
        var (term, program) = (variable("TERM") ?? "", variable("TERM_PROGRAM") ?? "");
        if (term == "dumb" || (term.Length == 0 && !windows)) return new TerminalGuess(null, false, false);
        var trueColour = windows || variable("COLORTERM") is "truecolor" or "24bit" || term.EndsWith("-direct", StringComparison.Ordinal);

        // Within tmux or screen the variables of the outer terminal are still set, but its graphics do not get through.
        var within = IsSet("TMUX") || IsSet("STY") || Starts(term, "tmux") || Starts(term, "screen");
        if (within) return new TerminalGuess(Jobs.ShowAs.Blocks, MayKnowSixel: true, trueColour);

        if (IsSet("KITTY_WINDOW_ID")
            || Starts(term, "xterm-kitty")
            || Starts(term, "xterm-ghostty")
            || program == "ghostty"
            || IsSet("KONSOLE_VERSION")) return Known(Jobs.ShowAs.Kitty);
        // LC_* travels through ssh
        if (program is "iTerm.app" or "WezTerm" or "mintty" || variable("LC_TERMINAL") == "iTerm2") return Known(Jobs.ShowAs.Iterm);
        if (Starts(term, "foot") || Starts(term, "mlterm")) return Known(Jobs.ShowAs.Sixel);
        return new TerminalGuess(Jobs.ShowAs.Blocks, MayKnowSixel: !windows && program != "Apple_Terminal", trueColour);

        bool IsSet(string name) => variable(name) is { Length: > 0 };
        bool Starts(string text, string start) => text.StartsWith(start, StringComparison.Ordinal);
        TerminalGuess Known(ShowAs way) => new(way, false, TrueColour: true);
    }
}

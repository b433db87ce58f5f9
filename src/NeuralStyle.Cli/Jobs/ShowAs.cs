namespace NeuralStyle.Cli.Jobs;

/// <summary>How a picture is shown in a terminal.</summary>
internal enum ShowAs
{
    /// <summary>The best way that this terminal supports.</summary>
    Auto,

    /// <summary>Kitty's graphics protocol: kitty, Ghostty, Konsole.</summary>
    Kitty,

    /// <summary>Sixel graphics, as in DEC's VT340: foot, xterm -ti vt340, mlterm, Windows Terminal and others.</summary>
    Sixel,

    /// <summary>iTerm2's inline images: iTerm2, WezTerm, mintty.</summary>
    Iterm,

    /// <summary>Two pixels in each character: every terminal with colours.</summary>
    Blocks,
}

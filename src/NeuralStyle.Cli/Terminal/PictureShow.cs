using NeuralStyle.Cli.Jobs;
using NeuralStyle.Imaging;

namespace NeuralStyle.Cli.Terminal;

/// <summary>Prints a picture in the terminal, in the best way that the terminal supports.</summary>
internal static class PictureShow
{
    // in columns and lines, in pixels
    private static readonly PixelSize UsualWindow = new(80, 24), UsualCell = new(10, 20), BlockCell = new(1, 2);

    /// <summary>Prints a picture file.</summary>
    /// <param name="path">The picture.</param>
    /// <param name="way">How; <see cref="ShowAs.Auto"/> shows nothing if the output is not a terminal, and says so.</param>
    /// <param name="output">Receives the picture.</param>
    /// <param name="error">Receives a line if nothing is shown.</param>
    public static void Print(string path, ShowAs way, TextWriter output, TextWriter error)
    {
        var isTerminal = !Console.IsOutputRedirected && output == Console.Out;
        if (way == ShowAs.Auto && !isTerminal)
        {
            ErrorLine.Warn(error,
                "--show: the output is not a terminal, so nothing is shown (--show-as blocks writes characters anyway)");
            return;
        }
        var guess = TerminalDetection.FromEnvironment(Environment.GetEnvironmentVariable, OperatingSystem.IsWindows());
        var reply = isTerminal && (way == ShowAs.Auto ? guess.MayKnowSixel : way == ShowAs.Sixel)
            ? TerminalQuestion.Ask(TerminalReply.Question, TerminalReply.End)
            : null;
        var answer = TerminalReply.Parse(reply ?? "");
        if ((way != ShowAs.Auto ? way : answer.Sixel ? ShowAs.Sixel : guess.ShowAs) is not { } chosen)
        {
            ErrorLine.Warn(error, "--show: this terminal has no colours (TERM), so nothing is shown");
            return;
        }
        using var picture = Picture.Load(path);
        output.Write(
            Encode(picture, chosen, isTerminal ? Window() : UsualWindow, answer.Cell ?? UsualCell, guess.TrueColour || !isTerminal));
        output.Flush();
    }

    /// <summary>The text to print.</summary>
    public static string Encode(Picture picture, ShowAs way, PixelSize window, PixelSize cell, bool trueColour)
    {
        var (size, columns) = ShowSize.Fit(picture.Size, window, way == ShowAs.Blocks ? BlockCell : cell);
        var pixels = RgbPixels.Of(picture, size);
        return way switch
        {
            ShowAs.Kitty => InlineImages.Kitty(pixels.ToPng(), columns),
            ShowAs.Iterm => InlineImages.Iterm(pixels.ToPng(), columns),
            ShowAs.Sixel => Sixel.Encode(pixels.WithPalette()),
            ShowAs.Blocks => HalfBlocks.Encode(pixels, trueColour),
            _ => throw new ArgumentOutOfRangeException(nameof(way)),
        };
    }

    private static PixelSize Window()
    {
        try
        {
            return Console.WindowWidth > 0 ? new PixelSize(Console.WindowWidth, Console.WindowHeight) : UsualWindow;
        }
        catch (IOException)
        {
            return UsualWindow;
        }
    }
}

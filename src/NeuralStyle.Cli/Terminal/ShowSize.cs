using NeuralStyle.Imaging;

namespace NeuralStyle.Cli.Terminal;

/// <summary>How large a picture is shown: as large as the window allows, and never enlarged. Pure functions of integers.</summary>
internal static class ShowSize
{
    /// <summary>The largest size that leaves two lines for the prompt.</summary>
    /// <param name="picture">Size of the picture.</param>
    /// <param name="cells">Columns and lines of the window.</param>
    /// <param name="cell">Pixels of a character cell.</param>
    /// <returns>The size in pixels to draw at, and the columns that it takes.</returns>
    public static (PixelSize Pixels, int Columns) Fit(PixelSize picture, PixelSize cells, PixelSize cell)
    {
        var (width, height) = (Math.Max(1, cells.Width) * cell.Width, Math.Max(1, cells.Height - 2) * cell.Height);
        var scale = Math.Min(1, Math.Min((double)width / picture.Width, (double)height / picture.Height));
        var size = new PixelSize(Math.Max(1, (int)Math.Round(picture.Width * scale)), Math.Max(1, (int)Math.Round(picture.Height * scale)));
        return (size, (size.Width + cell.Width - 1) / cell.Width);
    }
}

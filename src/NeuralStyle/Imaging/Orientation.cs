using static TorchSharp.torch;

namespace NeuralStyle.Imaging;

/// <summary>The EXIF orientation tag (CIPA DC-008, tag 0x0112): which way up the stored rows and columns are.</summary>
internal static class Orientation
{
    /// <summary>Whether the upright picture is as wide as the stored one is high.</summary>
    public static bool SwapsSides(int orientation) => orientation >= 5;

    /// <summary>Turns stored pixels upright.</summary>
    /// <param name="stored">1×C×h×w.</param>
    /// <param name="orientation">1 to 8.</param>
    /// <returns>A view or copy, 1×C×H×W.</returns>
    public static Tensor Upright(Tensor stored, int orientation) => orientation switch
    {
        2 => stored.flip(3),
        3 => stored.flip(2, 3),
        4 => stored.flip(2),
        5 => stored.transpose(2, 3),
        6 => stored.transpose(2, 3).flip(3), // a quarter turn to the right
        7 => stored.transpose(2, 3).flip(2, 3),
        8 => stored.transpose(2, 3).flip(2), // a quarter turn to the left
        _ => stored,
    };
}

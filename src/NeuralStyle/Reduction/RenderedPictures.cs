using NeuralStyle.Reduction.Rendering;
using static TorchSharp.torch;

namespace NeuralStyle.Reduction;

/// <summary>
/// Rendered pictures, in any number: two thirds overlapping shapes (<see cref="DeadLeaves"/>), one third
/// strokes and hatchings (<see cref="Brushwork"/>).
/// </summary>
/// <param name="count">Number of pictures.</param>
/// <param name="seed">Seed of the pictures.</param>
/// <param name="size">Height and width in pixels.</param>
internal sealed class RenderedPictures(int count, int seed = 0, int size = RenderedPictures.DefaultSize) : ISamplePictures
{
    /// <summary>Default height and width of samples in pixels.</summary>
    public const int DefaultSize = 192;

    /// <inheritdoc/>
    public int Count => count;

    /// <inheritdoc/>
    public int HeldOut => Math.Max(1, count / 10);

    /// <inheritdoc/>
    public int Size => size;

    /// <inheritdoc/>
    public Tensor Load(int index)
    {
        var own = unchecked(seed * 1_000_003 + index);
        return ToTensor(index % 3 == 2 ? Brushwork.Render(size, own) : DeadLeaves.Render(size, own));
    }

    private static Tensor ToTensor(Canvas canvas)
    {
        var values = new float[3 * canvas.Pixels.Length];
        for (var i = 0; i < canvas.Pixels.Length; i++)
        {
            for (var channel = 0; channel < 3; channel++)
                values[channel * canvas.Pixels.Length + i] = Math.Clamp(canvas.Pixels[i][channel], 0, 1);
        }
        return tensor(values, [1, 3, canvas.Height, canvas.Width]);
    }
}

using RenderSamples.Drawing;
using static TorchSharp.torch;

namespace NeuralStyle.Training;

/// <summary>What the network is learnt from.</summary>
internal static class TrainingPictures
{
    /// <summary>Renders two thirds dead leaves and one third brushwork.</summary>
    /// <param name="size">Height and width of each, in pixels.</param>
    /// <param name="count">Number of pictures.</param>
    /// <returns>N×3×size×size in [0, 1].</returns>
    public static Tensor Render(int size, int count)
    {
        var pictures = new Tensor[count];
        Parallel.For(0, count, i => pictures[i] = ToTensor(i % 3 == 2 ? Brushwork.Render(size, i) : DeadLeaves.Render(size, i)));
        return stack(pictures);
    }

    private static Tensor ToTensor(Canvas canvas)
    {
        var values = new float[3 * canvas.Pixels.Length];
        for (var i = 0; i < canvas.Pixels.Length; i++)
        {
            for (var channel = 0; channel < 3; channel++) values[channel * canvas.Pixels.Length + i] = Math.Clamp(canvas.Pixels[i][channel], 0, 1);
        }
        return tensor(values, [3, canvas.Height, canvas.Width]);
    }
}

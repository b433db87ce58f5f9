using System.Numerics;
using NeuralStyle.Samples;
using NeuralStyle.Samples.Drawing;
using TorchSharp;
using static TorchSharp.torch;

namespace NeuralStyle.Training;

/// <summary>What the filters are learnt from: dead leaves, and crops of the sample pictures at several scales.</summary>
internal static class TrainingPictures
{
    /// <summary>Renders them all.</summary>
    /// <param name="size">Height and width of each, in pixels.</param>
    /// <param name="leaves">Number of pictures of dead leaves.</param>
    /// <param name="crops">Number of crops of each sample picture.</param>
    /// <returns>N×3×size×size in [0, 1].</returns>
    public static Tensor Render(int size, int leaves, int crops)
    {
        var pictures = Enumerable.Range(0, leaves).Select(i => ToTensor(DeadLeaves.Render(size, i), size, 0, 0)).ToList();
        foreach (var (sample, number) in SamplePictures.All.Select((sample, number) => (sample, number)))
        {
            var canvases = new[] { size * 5 / 4, size * 2, size * 3 }.Select(sample.Render).ToArray();
            for (var i = 0; i < crops; i++)
            {
                var canvas = canvases[i % canvases.Length];
                var x = (int)((canvas.Width - size) * Noise.Hash(i, 1, number));
                var y = (int)((canvas.Height - size) * Noise.Hash(i, 2, number));
                pictures.Add(ToTensor(canvas, size, x, y));
            }
        }
        return stack(pictures);
    }

    private static Tensor ToTensor(Canvas canvas, int size, int left, int top)
    {
        var values = new float[3 * size * size];
        for (var y = 0; y < size; y++)
        {
            for (var x = 0; x < size; x++)
            {
                var colour = Vector3.Clamp(canvas.Pixels[(top + y) * canvas.Width + left + x], Vector3.Zero, Vector3.One);
                for (var channel = 0; channel < 3; channel++) values[(channel * size + y) * size + x] = colour[channel];
            }
        }
        return tensor(values, [3, size, size]);
    }
}

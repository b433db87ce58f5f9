using System.Numerics;
using System.Runtime.CompilerServices;
using NeuralStyle.Runtime;
using static TorchSharp.torch;

namespace NeuralStyle.Losses;

/// <summary>
/// <see cref="TotalVariation.Squared"/> and its gradient on the CPU, in one pass over the picture: libtorch takes a pass for each of four
/// pairs of neighbours and three operators. The results do not depend on the number of threads.
/// </summary>
internal static unsafe class VariationLoops
{
    private const int Part = 1 << 14; // pixels; at least a row
    private const float Axial = (float)TotalVariation.Axial, Diagonal = (float)TotalVariation.Diagonal;

    /// <summary>Whether these can be used.</summary>
    public static bool Take(Tensor image, Tensor gradient) => TensorMemory.IsPlain(image) && TensorMemory.IsPlain(gradient);

    /// <summary>Adds the gradient of a weighted sum over pairs of neighbours, in place.</summary>
    /// <param name="image">1×C×H×W.</param>
    /// <param name="gradient">1×C×H×W.</param>
    /// <param name="factor">By which the gradient of the sum is multiplied.</param>
    /// <returns>The sum of squared differences over all pairs, each with its share.</returns>
    public static double AddGradient(Tensor image, Tensor gradient, double factor)
    {
        var (height, width) = ((int)image.shape[2], (int)image.shape[3]);
        var (from, to) = (TensorMemory.AddressOf(image), TensorMemory.AddressOf(gradient));
        var rows = (long)image.shape[1] * height; // of all channels
        var most = Math.Max(1, Part / width);
        var sums = new double[(int)((rows + most - 1) / most)];
        PartLoop.Run(sums.Length, get_num_threads(), part =>
        {
            for (var row = (long)part * most; row < Math.Min(rows, (part + 1L) * most); row++)
            {
                var y = (int)(row % height);
                var values = (float*)from + row * width;
                sums[part] += AddRow(values, y == 0 ? null : values - width, y == height - 1 ? null : values + width,
                    (float*)to + row * width, width, (float)(2 * factor));
            }
        });
        TensorMemory.KeepAlive(image, gradient);
        return sums.Sum();
    }

    /// <summary>A row's gradient, and the sum over its pairs with the pixel to the right and those below.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double AddRow(float* row, float* above, float* below, float* gradient, int width, float factor)
    {
        var sum = AddPixel(row, above, below, gradient, 0, width, factor);
        var x = 1;
        var lanes = Vector<float>.Count;
        var (axialSquares, diagonalSquares) = (Vector<float>.Zero, Vector<float>.Zero);
        for (; x + lanes < width; x += lanes)
        {
            var here = Vector.Load(row + x);
            var right = Vector.Load(row + x + 1) - here;
            var (axial, diagonal) = (right + (Vector.Load(row + x - 1) - here), Vector<float>.Zero);
            axialSquares += right * right;
            if (above != null)
            {
                axial += Vector.Load(above + x) - here;
                diagonal += Vector.Load(above + x - 1) - here + (Vector.Load(above + x + 1) - here);
            }
            if (below != null)
            {
                var down = Vector.Load(below + x) - here;
                var (left, across) = (Vector.Load(below + x - 1) - here, Vector.Load(below + x + 1) - here);
                axial += down;
                diagonal += left + across;
                axialSquares += down * down;
                diagonalSquares += left * left + across * across;
            }
            (Vector.Load(gradient + x) - (axial * Axial + diagonal * Diagonal) * factor).Store(gradient + x);
        }
        sum += Axial * (double)Vector.Sum(axialSquares) + Diagonal * (double)Vector.Sum(diagonalSquares);
        for (; x < width; x++) sum += AddPixel(row, above, below, gradient, x, width, factor);
        return sum;
    }

    /// <summary>One pixel, which may lie at a border.</summary>
    private static double AddPixel(float* row, float* above, float* below, float* gradient, int x, int width, float factor)
    {
        var (hasLeft, hasRight) = (x > 0, x < width - 1);
        var here = row[x];
        var right = hasRight ? row[x + 1] - here : 0;
        var axial = right + (hasLeft ? row[x - 1] - here : 0);
        float diagonal = 0, down = 0, left = 0, across = 0;
        if (above != null)
        {
            axial += above[x] - here;
            diagonal += (hasLeft ? above[x - 1] - here : 0) + (hasRight ? above[x + 1] - here : 0);
        }
        if (below != null)
        {
            down = below[x] - here;
            (left, across) = (hasLeft ? below[x - 1] - here : 0, hasRight ? below[x + 1] - here : 0);
            axial += down;
            diagonal += left + across;
        }
        gradient[x] -= (axial * Axial + diagonal * Diagonal) * factor;
        return Axial * ((double)right * right + (double)down * down) + Diagonal * ((double)left * left + (double)across * across);
    }
}

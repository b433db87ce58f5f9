using System.Runtime.InteropServices;

namespace NeuralStyle.Vgg.Winograd;

/// <summary>
/// The kernels of one convolution in the order that <see cref="WinogradConvolution"/> reads them: panels of 32 outputs, in each
/// the input channels, in each the 3×3 positions, in each the 32 values.
/// </summary>
internal sealed unsafe class PackedKernels : IDisposable
{
    private const int Width = WinogradProduct.Width;

    private PackedKernels(int inputs, int outputs)
    {
        (Inputs, Outputs) = (inputs, outputs);
        Values = (float*)NativeMemory.AlignedAlloc((nuint)inputs * (nuint)outputs * 9 * sizeof(float), 64);
    }

    /// <summary>Frees the values when nobody did.</summary>
    ~PackedKernels() => NativeMemory.AlignedFree(Values);

    /// <summary>Channels summed over.</summary>
    public int Inputs { get; }

    /// <summary>Channels computed.</summary>
    public int Outputs { get; }

    /// <summary>The values.</summary>
    public float* Values { get; private set; }

    /// <summary>The kernels of the convolution itself.</summary>
    /// <param name="weights">O×I×3×3.</param>
    public static PackedKernels Forward(ConvolutionWeights weights)
    {
        var packed = new PackedKernels(weights.InChannels, weights.OutChannels);
        for (var o = 0; o < weights.OutChannels; o++)
        {
            for (var i = 0; i < weights.InChannels; i++)
            {
                for (var k = 0; k < 9; k++) packed.At(o, i, k) = weights.Kernel[(o * weights.InChannels + i) * 9 + k];
            }
        }
        return packed;
    }

    /// <summary>The kernels that take the gradient of the output to that of the input: turned by half a turn, input and output exchanged.</summary>
    /// <param name="weights">O×I×3×3.</param>
    public static PackedKernels Backward(ConvolutionWeights weights)
    {
        var packed = new PackedKernels(weights.OutChannels, weights.InChannels);
        for (var o = 0; o < weights.OutChannels; o++)
        {
            for (var i = 0; i < weights.InChannels; i++)
            {
                for (var k = 0; k < 9; k++) packed.At(i, o, 8 - k) = weights.Kernel[(o * weights.InChannels + i) * 9 + k];
            }
        }
        return packed;
    }

    /// <summary>The 32 outputs from 32·<paramref name="panel"/> on: inputs×9×32 values.</summary>
    public float* Panel(int panel) => Values + (nint)panel * Inputs * 9 * Width;

    /// <inheritdoc/>
    public void Dispose()
    {
        NativeMemory.AlignedFree(Values);
        Values = null;
        GC.SuppressFinalize(this);
    }

    private ref float At(int output, int input, int position) => ref Panel(output / Width)[((nint)input * 9 + position) * Width + output % Width];
}

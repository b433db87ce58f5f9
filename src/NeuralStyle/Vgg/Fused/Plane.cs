using NeuralStyle.Runtime;
using TorchSharp;

namespace NeuralStyle.Vgg.Fused;

/// <summary>Activations in memory: the channels of one position lie side by side.</summary>
/// <param name="Data">Address of Height×Width×Channels floats; 0 for none.</param>
/// <param name="Height">Rows.</param>
/// <param name="Width">Columns.</param>
/// <param name="Channels">A multiple of 16.</param>
internal readonly unsafe record struct Plane(nint Data, int Height, int Width, int Channels)
{
    /// <summary>The memory of a tensor, which must outlive it.</summary>
    /// <param name="x">1×H×W×C, contiguous, float32, on the CPU.</param>
    public static Plane Of(torch.Tensor x) => new(TensorMemory.AddressOf(x), (int)x.shape[1], (int)x.shape[2], (int)x.shape[3]);

    /// <summary>The channels at a position.</summary>
    public float* At(int y, int x) => (float*)Data + ((nint)y * Width + x) * Channels;
}

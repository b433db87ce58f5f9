using NeuralStyle.Runtime;
using TorchSharp;

namespace NeuralStyle.Vgg.Fused;

/// <summary>
/// One bit per activation that says whether it is above 0: all that the backward pass of a ReLU needs, at 1/32 of the size.
/// </summary>
/// <param name="Data">Address of Height×Width×Channels bits, eight channels to a byte; 0 for none.</param>
/// <param name="Height">Rows.</param>
/// <param name="Width">Columns.</param>
/// <param name="Channels">A multiple of 16.</param>
internal readonly unsafe record struct GatePlane(nint Data, int Height, int Width, int Channels)
{
    /// <summary>Memory for the gates of some activations.</summary>
    /// <param name="like">Something of their height and width, 1×H×W×any.</param>
    /// <param name="channels">Channels of the activations, C.</param>
    /// <returns>1×H×W×C/8 bytes; owned by the caller.</returns>
    public static torch.Tensor Reserve(torch.Tensor like, int channels) =>
        torch.empty([1, like.shape[1], like.shape[2], channels / 8], torch.ScalarType.Byte);

    /// <summary>The gates in a tensor of <see cref="Reserve"/>, which must outlive it.</summary>
    public static GatePlane Of(torch.Tensor gates) =>
        new(TensorMemory.AddressOf(gates), (int)gates.shape[1], (int)gates.shape[2], (int)gates.shape[3] * 8);

    /// <summary>The gates at a position.</summary>
    public byte* At(int y, int x) => (byte*)Data + ((nint)y * Width + x) * (Channels / 8);
}

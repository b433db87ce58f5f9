using NeuralStyle.Imaging;
using NeuralStyle.Scales;
using static TorchSharp.torch;

namespace NeuralStyle.Masks;

/// <summary>Pixels that stay as in the content, at one scale.</summary>
/// <param name="Content">1×3×H×W.</param>
/// <param name="Mask">1×1×H×W in [0, 1]: 1 keeps the content.</param>
internal sealed record ProtectedPixels(Tensor Content, Tensor Mask)
{
    /// <summary>Renders them; null when nothing is protected. The tensors belong to the current dispose scope.</summary>
    public static ProtectedPixels? Render(StyleInputs inputs, PixelSize size, Bleed bleed, Device device)
    {
        if (inputs.Protect is not { } mask) return null;
        return new ProtectedPixels(bleed.Add(inputs.Content.Render(size)).to(device),
            bleed.Add(mask.Render(size).mean([1], keepdim: true)).to(device));
    }
}

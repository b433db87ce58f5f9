using static TorchSharp.torch;

namespace NeuralStyle.Colour;

/// <summary>
/// Oklab, a perceptual colour space: lightness and two colour axes (Björn Ottosson 2020, "A perceptual color space for image processing").
/// </summary>
internal static class Oklab
{
    private static readonly float[] ToCone = [0.4122214708f, 0.5363325363f, 0.0514459929f, 0.2119034982f, 0.6806995451f, 0.1073969566f,
        0.0883024619f, 0.2817188376f, 0.6299787005f];
    private static readonly float[] ToLab = [0.2104542553f, 0.7936177850f, -0.0040720468f, 1.9779984951f, -2.4285922050f, 0.4505937099f,
        0.0259040371f, 0.7827717662f, -0.8086757660f];

    /// <summary>1×3×H×W sRGB in [0, 1] to L, a, b.</summary>
    public static Tensor FromSrgb(Tensor image)
    {
        var linear = where(image <= 0.04045, image / 12.92, ((image + 0.055) / 1.055).clamp_min(0).pow(2.4));
        return Mix(Mix(linear, Matrix(ToCone, image)).clamp_min(0).pow(1.0 / 3), Matrix(ToLab, image));
    }

    /// <summary>The inverse; values outside [0, 1] are colours that sRGB cannot show.</summary>
    public static Tensor ToSrgb(Tensor lab)
    {
        var linear = Mix(Mix(lab, linalg.inv(Matrix(ToLab, lab))).pow(3), linalg.inv(Matrix(ToCone, lab)));
        return where(linear <= 0.0031308, linear * 12.92, linear.clamp_min(1e-8).pow(1 / 2.4) * 1.055 - 0.055);
    }

    private static Tensor Matrix(float[] values, Tensor like) => tensor(values, [3, 3], like.dtype, like.device);

    private static Tensor Mix(Tensor image, Tensor matrix) => nn.functional.conv2d(image, matrix.view(3, 3, 1, 1));
}

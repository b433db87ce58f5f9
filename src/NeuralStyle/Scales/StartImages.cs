using NeuralStyle.Imaging;
using NeuralStyle.Settings;
using static TorchSharp.torch;

namespace NeuralStyle.Scales;

/// <summary>Renders the picture that the first scale starts from.</summary>
internal static class StartImages
{
    private const double MeanGrey = 0.45; // of photographs: the mean that networks subtract
    private const double NoiseDeviation = 0.01;

    /// <summary>1×3×H×W in [0, 1] on the CPU.</summary>
    public static Tensor Render(StyleSettings settings, StyleInputs inputs, PixelSize size)
    {
        using var scope = NewDisposeScope();
        var image = settings.Start.Kind switch
        {
            StartKind.Auto or StartKind.Content or StartKind.Blend => Blend(settings.Start.NoiseOverContent(settings.Strength)),
            StartKind.Noise => Grey(size, settings.Seed),
            StartKind.Style => inputs.Styles[0].Render(size),
            StartKind.File => (inputs.Start
                ?? throw new InvalidInputException("StyleSettings.Start is a file, but StyleInputs.Start has no picture")).Render(size),
            _ => throw new ArgumentOutOfRangeException(nameof(settings)),
        };
        return image.MoveToOuterDisposeScope();

        Tensor Blend(double noise) =>
            noise == 0 ? inputs.Content.Render(size) : inputs.Content.Render(size).lerp(Noise(size, settings.Seed), noise);
    }

    /// <summary>
    /// Nearly grey, as in neural-style: what strong noise leaves in the highest frequencies, no loss takes away again, and the result ends
    /// in speckle.
    /// </summary>
    private static Tensor Grey(PixelSize size, long seed)
    {
        using var generator = new Generator((ulong)seed);
        return (randn(1, 3, size.Height, size.Width, generator: generator) * NoiseDeviation + MeanGrey).clamp_(0, 1);
    }

    private static Tensor Noise(PixelSize size, long seed)
    {
        using var generator = new Generator((ulong)seed); // a separate generator: the global one may be used by others
        return rand(1, 3, size.Height, size.Width, generator: generator);
    }
}

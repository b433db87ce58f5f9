using NetVips;
using NeuralStyle.Reduction.Rendering;

namespace RenderSamples;

internal static class JpegFile
{
    /// <summary>Encodes a canvas (sRGB values in [0, 1]) without any metadata.</summary>
    public static void Write(string path, Canvas canvas, int quality)
    {
        using var image = Image.NewFromMemory(canvas.ToBytes(), canvas.Width, canvas.Height, 3, Enums.BandFormat.Uchar);
        using var srgb = image.Copy(interpretation: Enums.Interpretation.Srgb);
        srgb.Jpegsave(path, q: quality, optimizeCoding: true, subsampleMode: Enums.ForeignSubsample.Off, keep: Enums.ForeignKeep.None);
    }
}

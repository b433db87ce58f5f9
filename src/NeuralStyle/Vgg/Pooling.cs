using System.Text.Json.Serialization;

namespace NeuralStyle.Vgg;

/// <summary>How 2×2 activations become one between the blocks of the network.</summary>
public enum Pooling
{
    /// <summary>The largest value, as VGG was trained.</summary>
    Max,

    /// <summary>The mean, which Gatys et al. found smoother, times a factor, see <c>StyleSettings.PoolingScale</c>.</summary>
    [JsonStringEnumMemberName("avg")]
    Average,
}

/// <summary>Options of a network beside its weights.</summary>
/// <param name="Pooling">Maximum or average.</param>
/// <param name="Padding">What surrounds the picture at each convolution.</param>
/// <param name="PoolingScale">
/// Factor after each pooling. Averages are smaller than maxima: 2 keeps the activations of trained VGG networks near the size that
/// the next layer was trained for; 1 is the plain average.
/// </param>
internal sealed record NetworkOptions(Pooling Pooling = Pooling.Max, PaddingMode Padding = PaddingMode.Zero, double PoolingScale = 1)
{
    /// <summary>
    /// The padding for style pictures, which are rarely seamless: neither their seam nor a border must become part of a target, as a
    /// seamless result has neither. Zeros around deep layers gave it dark blocks along both axes, and specks.
    /// </summary>
    public PaddingMode StylePadding => Padding == PaddingMode.Circular ? PaddingMode.Reflect : Padding;

    /// <summary>The factor that keeps activations their size: 1 for maxima, 2 for averages.</summary>
    public static double KeepingScale(Pooling pooling) => pooling == Pooling.Average ? 2 : 1;
}

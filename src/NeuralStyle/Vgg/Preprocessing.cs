namespace NeuralStyle.Vgg;

/// <summary>The order of the colour channels that a network was trained on.</summary>
public enum ChannelOrder
{
    /// <summary>Red, green, blue.</summary>
    Rgb,

    /// <summary>Blue, green, red (Caffe).</summary>
    Bgr,
}

/// <summary>
/// How a picture with values in [0, 1] becomes the input of a network:
/// <c>(pixel · Range − Mean) / StandardDeviation</c>, channel by channel in <see cref="Order"/>.
/// </summary>
/// <param name="Order">The order of the input channels of conv1_1, and of <paramref name="Mean"/> and
/// <paramref name="StandardDeviation"/>.</param>
/// <param name="Range">The value of white: 255 or 1.</param>
/// <param name="Mean">Three means, in units of <paramref name="Range"/>.</param>
/// <param name="StandardDeviation">Three standard deviations, in units of <paramref name="Range"/>.</param>
public sealed record Preprocessing(ChannelOrder Order, float Range, IReadOnlyList<float> Mean, IReadOnlyList<float> StandardDeviation)
{
    /// <summary>The Caffe VGG convention in RGB order, the default of weight files that do not say: 0–255 less the ImageNet mean.</summary>
    public static Preprocessing CaffeRgb { get; } = new(ChannelOrder.Rgb, 255f, [123.68f, 116.779f, 103.939f], [1f, 1f, 1f]);

    /// <summary>The same with the channels in blue, green, red order: Caffe's own and Keras's files.</summary>
    public static Preprocessing CaffeBgr { get; } = new(ChannelOrder.Bgr, 255f, [103.939f, 116.779f, 123.68f], [1f, 1f, 1f]);

    /// <summary>The torchvision convention: 0–1 less the ImageNet mean, divided by its standard deviation.</summary>
    public static Preprocessing Torchvision { get; } = new(ChannelOrder.Rgb, 1f, [0.485f, 0.456f, 0.406f], [0.229f, 0.224f, 0.225f]);

    /// <summary>Compares by value, the lists included.</summary>
    public bool Equals(Preprocessing? other) => other is not null && Order == other.Order && Range.Equals(other.Range)
        && Mean.SequenceEqual(other.Mean) && StandardDeviation.SequenceEqual(other.StandardDeviation);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Order, Range, Mean[0], StandardDeviation[0]);
}

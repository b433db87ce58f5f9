namespace NeuralStyle.Vgg;

/// <summary>The padding of one pixel around the picture before a 3×3 convolution.</summary>
public enum PaddingMode
{
    /// <summary>Zeros at every convolution, as VGG was trained.</summary>
    Zero,

    /// <summary>The border pixel repeated at the first convolution, zeros at the others: no dark border in the result.</summary>
    Replicate,

    /// <summary>The picture mirrored at every convolution, as some encoders were trained.</summary>
    Reflect,

    /// <summary>The opposite border at every convolution, as if the picture were repeated: for results that tile without seams.</summary>
    Circular,
}

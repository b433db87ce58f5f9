using static TorchSharp.torch;

namespace NeuralStyle.Reduction;

/// <summary>The pictures that a reduced network is fitted to and checked with.</summary>
internal interface ISamplePictures
{
    /// <summary>Number of pictures.</summary>
    int Count { get; }

    /// <summary>How many of them, the last ones, are kept aside to measure errors; at least 1.</summary>
    int HeldOut { get; }

    /// <summary>Height and width of every picture in pixels.</summary>
    int Size { get; }

    /// <summary>Returns one picture. The same index always returns the same picture.</summary>
    /// <param name="index">From 0; the reducer asks for all of them in ascending order, once.</param>
    /// <returns>1×3×Size×Size, RGB in [0, 1]. The caller owns it.</returns>
    /// <exception cref="InvalidInputException">The picture cannot be read.</exception>
    Tensor Load(int index);
}

using NeuralStyle.Vgg;

namespace NeuralStyle.Weights;

/// <summary>The orders of a kernel's axes.</summary>
internal enum KernelLayout
{
    /// <summary>Height, width, in, out: TensorFlow, Keras, and the tutorials' .npz files.</summary>
    Hwio,

    /// <summary>Out, in, height, width: PyTorch and Caffe.</summary>
    Oihw,
}

/// <summary>Recognises the axis order of 3×3 kernels by their shape.</summary>
internal static class KernelLayouts
{
    /// <summary>The axes in O×I×H×W order.</summary>
    public static int[] AxesToOihw(this KernelLayout layout) => layout == KernelLayout.Hwio ? [3, 2, 0, 1] : [0, 1, 2, 3];

    /// <summary>Output and input channels of a kernel.</summary>
    public static (int Out, int In) Channels(this KernelLayout layout, IReadOnlyList<int> shape) =>
        layout == KernelLayout.Hwio ? (shape[3], shape[2]) : (shape[0], shape[1]);

    /// <summary>The layout of a file's kernels.</summary>
    /// <param name="kernels">Shapes in order of depth.</param>
    /// <param name="usual">The layout to assume if every kernel is 3×3×3×3, so that both layouts would fit.</param>
    /// <exception cref="WeightsFormatException">A kernel is not 3×3, or two kernels disagree.</exception>
    public static KernelLayout Recognise(IReadOnlyList<(VggLayer Layer, TensorInfo Info)> kernels, KernelLayout usual)
    {
        KernelLayout? found = null;
        foreach (var (layer, info) in kernels)
        {
            var shape = info.Shape;
            var isHwio = shape.Count == 4 && shape[0] == 3 && shape[1] == 3;
            var isOihw = shape.Count == 4 && shape[2] == 3 && shape[3] == 3;
            if (!isHwio && !isOihw)
                throw new WeightsFormatException(
                    $"the kernel of {layer.ConvolutionName} is {info.ShapeText}; expected 3x3xInxOut or OutxInx3x3");
            if (isHwio && isOihw) continue; // three channels on both sides: the other kernels decide
            var layout = isHwio ? KernelLayout.Hwio : KernelLayout.Oihw;
            if (found is { } before && before != layout)
                throw new WeightsFormatException(
                    $"the kernel of {layer.ConvolutionName} ({info.ShapeText}) lies in another order than those before it");
            found = layout;
        }
        return found ?? usual;
    }
}

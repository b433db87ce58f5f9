using NeuralStyle.Vgg;

namespace NeuralStyle.Reduction.Distilling;

/// <summary>Checks whether a network can be trained against another one.</summary>
internal static class DistillationChecks
{
    /// <summary>Fails when the student cannot imitate the teacher.</summary>
    /// <exception cref="InvalidInputException">The student has a layer that the teacher lacks, or more channels.</exception>
    public static void Check(VggWeights student, VggWeights teacher)
    {
        foreach (var convolution in student.Convolutions)
        {
            var layer = convolution.Layer;
            var large = teacher.Convolutions.FirstOrDefault(of => of.Layer == layer)
                ?? throw new InvalidInputException($"the teacher '{teacher.Name}' has no layer {layer}, and '{student.Name}' has; expected "
                    + $"the network that '{student.Name}' was reduced from");
            if (convolution.OutChannels > large.OutChannels)
            {
                throw new InvalidInputException($"{layer.ConvolutionName} has {convolution.OutChannels} channels in '{student.Name}' and "
                    + $"{large.OutChannels} in the teacher '{teacher.Name}'; expected a student with at most as many: name the smaller "
                    + $"network first");
            }
        }
    }

    /// <summary>Fails when the pictures cannot be trained on.</summary>
    /// <exception cref="InvalidInputException">They are too small, or too few.</exception>
    public static void Check(VggWeights student, ISamplePictures pictures, DistillationSettings settings)
    {
        var unit = student.Deepest.Stride;
        if (settings.Window < unit || settings.Window % unit != 0 || pictures.Size < settings.Window || pictures.Size % unit != 0)
        {
            throw new InvalidInputException($"the pictures are {pictures.Size} pixels wide and {settings.Window} of them are trained on; "
                + $"expected multiples of {unit}");
        }
        if (pictures.HeldOut < 1 || pictures.Count <= pictures.HeldOut)
            throw new InvalidInputException($"{pictures.Count} pictures, {pictures.HeldOut} of them held out, are too few; expected 20");
    }
}

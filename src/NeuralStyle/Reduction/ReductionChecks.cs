using NeuralStyle.Vgg;

namespace NeuralStyle.Reduction;

/// <summary>The requirements of a reduction on network, pictures and widths.</summary>
internal static class ReductionChecks
{
    /// <summary>Checks before any work.</summary>
    /// <exception cref="InvalidInputException">A requirement is not met; the message says which, and what would fit.</exception>
    public static void Check(VggWeights teacher, ISamplePictures pictures, ReductionSettings settings)
    {
        var blocks = teacher.Deepest.Block;
        if (settings.Widths.Count < 1 || settings.Widths.Count > blocks)
            throw new InvalidInputException(
                $"{settings.Widths.Count} widths are given; expected one for each block to keep, 1 to {blocks} for '{teacher.Name}'");
        if (!(settings.Ridge >= 0 && double.IsFinite(settings.Ridge)))
            throw new InvalidInputException($"the ridge is {settings.Ridge}; expected 0 or more");
        var kept = teacher.Convolutions.Where(convolution => convolution.Layer.Block <= settings.Widths.Count).ToArray();
        CheckChannels(teacher, kept, settings.Widths);
        CheckPictures(pictures, kept, settings);
    }

    private static void CheckChannels(VggWeights teacher, IReadOnlyList<ConvolutionWeights> kept, IReadOnlyList<int> widths)
    {
        var channels = 3;
        foreach (var convolution in kept)
        {
            var name = convolution.Layer.ConvolutionName;
            if (convolution.InChannels != channels)
                throw new InvalidInputException(
                    $"the layers of '{teacher.Name}' do not chain: {name} takes {convolution.InChannels} channels, {channels} arrive");
            var width = widths[convolution.Layer.Block - 1];
            if (width < 1 || width > convolution.OutChannels)
            {
                throw new InvalidInputException($"the width of block {convolution.Layer.Block} is {width}; "
                    + $"expected 1 to {convolution.OutChannels}, the channels of {name} in '{teacher.Name}'");
            }
            channels = convolution.OutChannels;
        }
    }

    private static void CheckPictures(ISamplePictures pictures, IReadOnlyList<ConvolutionWeights> kept, ReductionSettings settings)
    {
        var unit = 1 << (kept[^1].Layer.Block - 1);
        if (pictures.Size < 2 * unit || pictures.Size % unit != 0)
            throw new InvalidInputException(
                $"the pictures are {pictures.Size} pixels wide; expected a multiple of {unit}, at least {2 * unit}");
        var needed = 0;
        for (var i = 0; i < kept.Count; i++)
        {
            var side = pictures.Size >> (kept[i].Layer.Block - 1);
            var unknowns = 9 * (i == 0 ? 3 : settings.Widths[kept[i - 1].Layer.Block - 1]) + 1;
            needed = Math.Max(needed, (unknowns + side * side - 1) / (side * side));
        }
        var fitted = pictures.Count - pictures.HeldOut;
        if (pictures.HeldOut < 1 || fitted < needed)
        {
            throw new InvalidInputException(
                $"{fitted} pictures and {pictures.HeldOut} held out are too few for these widths; expected at least {needed} and 1, "
                    + $"better ten times as many");
        }
    }
}

using NeuralStyle.Vgg;
using TorchSharp;
using static TorchSharp.torch;

namespace NeuralStyle.Training;

/// <summary>Learns a whole network of VGG-19 shape, layer upon layer, each from the answers of the one below.</summary>
internal static class NetworkLearner
{
    /// <summary>Convolutions in each block of VGG-19, down to conv5_1.</summary>
    private static readonly int[] Depths = [2, 2, 4, 4, 1];

    /// <summary>Learns.</summary>
    /// <param name="pictures">N×3×H×W in [0, 1].</param>
    /// <param name="widths">Channels of each of the five blocks.</param>
    /// <param name="options">How each layer is learnt.</param>
    /// <param name="report">Told about each layer.</param>
    public static VggWeights Learn(Tensor pictures, int[] widths, LearnerOptions options, Action<string>? report = null)
    {
        random.manual_seed(1);
        using var noGradient = no_grad();
        var convolutions = new List<ConvolutionWeights>();
        var x = (pictures - 0.5f) / 0.25f;
        for (var block = 1; block <= Depths.Length; block++)
        {
            if (block > 1) x = nn.functional.max_pool2d(x, 2, 2);
            for (var index = 1; index <= Depths[block - 1]; index++)
            {
                using var scope = NewDisposeScope();
                var layer = new VggLayer(block, index);
                var (inputs, filters) = ((int)x.shape[1], widths[block - 1]);
                var patches = Patches(x, Math.Max(24_000, 25 * 9 * inputs));
                var (kernel, bias) = FilterLearner.Learn(patches, filters, options);
                convolutions.Add(new ConvolutionWeights(layer, filters, inputs, kernel.data<float>().ToArray(), bias.data<float>().ToArray()));
                x = nn.functional.conv2d(nn.functional.pad(x, [1, 1, 1, 1], PaddingModes.Replicate), kernel.view(filters, inputs, 3, 3), bias).relu_().MoveToOuterDisposeScope();
                report?.Invoke($"{layer}: {inputs} to {filters}, mean {x.mean().item<float>():F3}, fires {(x > 0).to(ScalarType.Float32).mean().item<float>():P0}");
            }
        }
        return new VggWeights("builtin", "", convolutions, new Preprocessing(ChannelOrder.Rgb, 1, [0.5f, 0.5f, 0.5f], [0.25f, 0.25f, 0.25f]), null);
    }

    /// <summary>Random 3×3 patches of all pictures, count×(9·C).</summary>
    private static Tensor Patches(Tensor x, int count)
    {
        var each = (count + (int)x.shape[0] - 1) / (int)x.shape[0];
        var rows = new List<Tensor>();
        for (var i = 0; i < x.shape[0]; i++)
        {
            using var scope = NewDisposeScope();
            var columns = nn.functional.unfold(x[i].unsqueeze(0), 3)[0]; // (9·C)×L
            var chosen = randint(columns.shape[1], [each], dtype: ScalarType.Int64);
            rows.Add(columns.index_select(1, chosen).t().contiguous().MoveToOuterDisposeScope());
        }
        return cat(rows);
    }
}

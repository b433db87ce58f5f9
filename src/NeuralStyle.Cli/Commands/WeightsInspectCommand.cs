using System.CommandLine;
using System.Globalization;
using NeuralStyle.Cli.Jobs;
using NeuralStyle.Cli.Options;
using NeuralStyle.Cli.Progress;
using NeuralStyle.Vgg;
using NeuralStyle.Weights;

namespace NeuralStyle.Cli.Commands;

/// <summary><c>nst weights inspect FILE</c>: describes a weights file.</summary>
internal static class WeightsInspectCommand
{
    public static Command Create(WeightsLocator? locator)
    {
        var file = new Argument<string>("FILE") { Description = "weights file, a folder of .npy files, or an installed network" };
        var command = new Command("inspect", "show layers, shapes, layout, preprocessing and hash of a weights file") { file };
        command.SetAction(parse =>
        {
            var path = WeightsOptions.FileOf(parse.GetValue(file)!, locator);
            var (inspection, weights) = (WeightsFile.Inspect(path), WeightsFile.Load(path));
            Print(inspection, weights, parse.InvocationConfiguration.Output);
            PreprocessingHint.Write(weights, parse.InvocationConfiguration.Error);
        });
        return command;
    }

    private static void Print(WeightsInspection file, VggWeights weights, TextWriter output)
    {
        var portrait = NetworkPortrait.Of(file);
        var preprocessing = file.Preprocessing;
        var values = $"0 to {Number(preprocessing.Range)}, mean {Numbers(preprocessing.Mean)}, "
            + $"standard deviation {Numbers(preprocessing.StandardDeviation)}";
        var unused = file.Unused.Count == 0 ? "nothing" : string.Join(", ", file.Unused.Take(8));
        TextTable.Write(output,
        [
            ["LAYER", "NAME", $"SHAPE ({file.Layout})", "NUMBERS"],
            .. file.Layers.Select(layer => new[] { layer.Layer.ConvolutionName, layer.TensorName, layer.Shape, layer.NumberFormat }),
        ]);
        TextTable.Write(output,
        [
            ["format", file.Format],
            ["network", portrait.Network],
            ["lacks", portrait.Lacks],
            ["pictures", portrait.Pictures],
            ["deepest usable layer", file.Deepest.ToString()],
            ["colour order", preprocessing.Order == ChannelOrder.Rgb ? "RGB" : "BGR"],
            ["preprocessing",
                $"{PreprocessingNames.NameOf(preprocessing)} "
                    + $"({(file.IsPreprocessingGuessed ? "a guess: " : "")}{file.PreprocessingReason})"],
            ["", values],
            ["padding", file.Padding?.ToString().ToLowerInvariant() ?? "not stated"],
            ["unused", file.Unused.Count > 8 ? unused + ", …" : unused],
            ["source", file.Source ?? "not stated"],
            ["SHA-256 of the file", file.Sha256],
            ["SHA-256 of the values", WeightsHash.OfValues(weights.Convolutions)],
        ]);
    }

    private static string Number(float value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Numbers(IReadOnlyList<float> values) => string.Join(' ', values.Select(Number));
}

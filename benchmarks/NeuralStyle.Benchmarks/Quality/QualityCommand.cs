using System.Diagnostics;
using System.Globalization;
using NeuralStyle.Imaging;
using NeuralStyle.Runs;
using NeuralStyle.Runtime;
using NeuralStyle.Settings;
using NeuralStyle.Vgg;
using NeuralStyle.Weights;
using NeuralStyle.Weights.BuiltIn;
using TorchSharp;

namespace NeuralStyle.Benchmarks.Quality;

/// <summary>
/// Answers "which settings are better": runs candidates on pairs of pictures, prints a table of scores and writes a contact sheet
/// (a row for each pair: content, style, then the candidates). One network judges all: maximum pooling, as VGG was trained.
/// </summary>
/// <param name="Weights">Weights file; null for the built-in network.</param>
/// <param name="Padding">Of candidates and judge; null for what the weights file asks for.</param>
/// <param name="Size">Long side of the results in pixels.</param>
/// <param name="Seconds">Computing time for each run; a run that needs longer is stopped and judged as it is. Null lets all finish.</param>
/// <param name="Output">Folder for the contact sheet and the results.</param>
internal sealed record QualityCommand(string? Weights, PaddingMode? Padding, int Size, double? Seconds, string Output)
{
    public void Run(IReadOnlyList<Pair> pairs, IReadOnlyList<KeyValuePair<string, StyleSettings>> candidates, TextWriter output)
    {
        if (pairs.Count == 0) throw new InvalidInputException("no pictures found; name some with --pair CONTENT STYLE");
        TorchRuntime.Initialize();
        ComputeTuning.Use(torch.CPU, new ComputeSettings()); // as the program does
        Directory.CreateDirectory(Output);
        var weights = Weights is null ? BuiltInNetwork.Create() : WeightsFile.Load(Weights);
        using var judge = new VggNetwork(weights, new NetworkOptions(Pooling.Max, Padding ?? weights.Padding ?? PaddingMode.Replicate));
        using var scope = torch.NewDisposeScope();
        List<List<torch.Tensor>> sheet = [];
        output.WriteLine($"{weights.Name}, {Size} pixels, {torch.get_num_threads()} threads; judged with maximum pooling");
        output.WriteLine("| pair | settings | seconds | ratio | W2 | content | Gram | moments | SSIM | TV/style |");
        output.WriteLine("|---|---|---:|---:|---:|---:|---:|---:|---:|---:|");
        foreach (var pair in pairs)
        {
            var content = PictureFiles.Read(pair.Content, 4 * Size);
            var style = PictureFiles.Read(pair.Style, 4 * Size);
            var inputs = new StyleInputs(PictureSource.Of(content), [PictureSource.Of(style)]);
            var (contentSmall, styleSmall) = (ImageTensor.Resize(content, ImageTensor.SizeOf(content).WithLongSide(Size)),
                ImageTensor.Resize(style, ImageTensor.SizeOf(style).WithLongSide(Size)));
            List<torch.Tensor> row = [contentSmall, styleSmall];
            sheet.Add(row);
            double? first = null;
            foreach (var (name, settings) in candidates)
            {
                var (image, seconds) = Make(inputs, weights, settings with { Size = Size, Padding = Padding ?? settings.Padding });
                first ??= seconds;
                var s = Scores.Of(judge, contentSmall, styleSmall, image);
                output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"| {pair.Name} | {name} | {seconds:0.0} | {seconds / first:0.00} | {s.W2:0.00000} | {s.Content:0.0000} | "
                        + $"{s.Gram:0.00000} | {s.Moments:0.00000} | {s.Structure:0.000} | {s.Variation:0.00} |"));
                output.Flush();
                PictureFiles.Write(Path.Combine(Output, $"{pair.Name}-{name}.png"), image);
                row.Add(image);
            }
        }
        PictureFiles.WriteSheet(Path.Combine(Output, "sheet.jpg"), sheet, cellHeight: 360);
    }

    private (torch.Tensor Image, double Seconds) Make(StyleInputs inputs, VggWeights weights, StyleSettings settings)
    {
        using var budget = new CancellationTokenSource();
        var clock = Stopwatch.StartNew();
        var watch = new Deadline(clock, Seconds, budget);
        using var result = StyleTransfer.Run(inputs, weights, settings, new RunSettings { Progress = watch }, budget.Token);
        var seconds = clock.Elapsed.TotalSeconds;
        var size = inputs.Content.Size.WithLongSide(Size);
        return (ImageTensor.Resize(result.Image, size), seconds); // a run that was stopped early may be at a coarser scale
    }

    private sealed class Deadline(Stopwatch clock, double? seconds, CancellationTokenSource budget) : IProgress<RunProgress>
    {
        public void Report(RunProgress value)
        {
            if (seconds is { } most && clock.Elapsed.TotalSeconds >= most) budget.Cancel();
        }
    }
}

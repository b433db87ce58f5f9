using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using NeuralStyle.Cli.Jobs;
using NeuralStyle.Cli.Options;
using NeuralStyle.Evaluation;
using NeuralStyle.Imaging;
using NeuralStyle.Runtime;
using TorchSharp;

namespace NeuralStyle.Cli.Commands;

/// <summary><c>nst evaluate CONTENT STYLE IMAGE</c>: the losses of any picture, to compare settings and tools.</summary>
internal static class EvaluateCommand
{
    public static Command Create()
    {
        var content = new Argument<string>("CONTENT") { Description = "the content picture; resized to IMAGE" };
        var style = new Argument<string>("STYLE") { Description = "the style picture, at its own size unless --style-size says otherwise" };
        var image = new Argument<string>("IMAGE") { Description = "the picture to measure, at its own size unless --size says otherwise" };
        var json = new Option<bool>("--json") { Description = "print one line of JSON" };
        var options = new StyleOptions();
        var run = new RunOptions();
        var command = new Command("evaluate", "measure any picture: content, style and total variation losses") { content, style, image, json };
        options.AddTo(command);
        foreach (var option in run.Table.Except([run.Precision, run.CudnnBenchmark])) command.Options.Add(option); // it measures in float64
        command.SetAction(parse =>
        {
            var settings = options.Bind(parse);
            TorchRuntime.Initialize(run.ThreadCount(parse));
            var device = ComputeDevice.Select(parse.GetValue(run.Device)!);
            using var scope = torch.NewDisposeScope();
            using var contentPicture = Picture.Load(parse.GetValue(content)!);
            using var stylePicture = Picture.Load(parse.GetValue(style)!);
            using var picture = Picture.Load(parse.GetValue(image)!);
            var weights = NetworkChoice.Load(parse.GetValue(run.Weights), run.Overrides(parse), parse.GetValue(run.Quiet) ? TextWriter.Null : parse.InvocationConfiguration.Error);
            var size = options.Given(parse, "--size") ? picture.Size.WithLongSide(settings.Size) : picture.Size;
            var styleSize = settings.StyleSize is { } side ? stylePicture.Size.WithLongSide(side) : stylePicture.Size;
            var measured = Measurement.Of(weights, contentPicture.ToTensor(size), [stylePicture.ToTensor(styleSize)], [1], picture.ToTensor(size), settings, device);
            Print(measured, parse.GetValue(json), parse.InvocationConfiguration.Output);
            return ExitCodes.Done;
        });
        return command;
    }

    private static void Print(Measurement measured, bool json, TextWriter output)
    {
        if (json)
        {
            output.WriteLine(JsonSerializer.Serialize(measured, new JsonSerializerOptions { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower }));
            return;
        }
        foreach (var (name, losses) in measured.Content.Select(pair => ($"content {pair.Key}", pair.Value)).Concat(measured.Style.Select(pair => ($"style {pair.Key}", pair.Value))))
        {
            foreach (var (kind, value) in losses) Line($"{name} {kind}", value);
        }
        Line("tv absolute", measured.TotalVariationAbsolute);
        Line("tv squared", measured.TotalVariationSquared);
        Line("total", measured.Total);
        Line("gradient norm", measured.GradientNorm);

        void Line(string name, double value) => output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-32}{value:G10}"));
    }
}

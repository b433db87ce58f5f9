using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using NeuralStyle.Cli.Jobs;
using NeuralStyle.Cli.Options;
using NeuralStyle.Evaluation;
using NeuralStyle.Imaging;
using NeuralStyle.Losses;
using NeuralStyle.Memory;
using NeuralStyle.Runs;
using NeuralStyle.Runtime;
using NeuralStyle.Settings;
using NeuralStyle.Vgg;
using TorchSharp;

namespace NeuralStyle.Cli.Commands;

/// <summary>
/// <c>nst evaluate CONTENT STYLE IMAGE</c>: the losses of any picture, to compare settings and tools. It has only the options that change
/// what is measured: no optimiser runs, and it measures the whole picture at once in float64.
/// </summary>
internal static class EvaluateCommand
{
    public static Command Create()
    {
        var content = new Argument<string>("CONTENT") { Description = "content picture, resized to IMAGE" };
        var style = new Argument<string>("STYLE") { Description = "style picture, at its own size unless --style-size is given" };
        var image = new Argument<string>("IMAGE") { Description = "picture to measure, at its own size unless --size is given" };
        var json = new Option<bool>("--json") { Description = "print one line of JSON" };
        var (options, run) = (new StyleOptions(), new RunOptions());
        var command = new Command("evaluate",
            "measure the losses of any picture, and what no loss sees: SSIM, CFSD, perceptual and patch distance")
        {
            content, style, image, json,
        };
        command.Options.Add(options.Preset);
        foreach (var option in (SettingOption[])[options.Size, options.StyleSize, options.Strength, .. options.OfLosses])
            command.Options.Add(option.Option);
        foreach (var option in (Option[])[run.Weights, run.Preprocessing, run.Device, run.Threads, run.Memory, run.Quiet, run.Verbose])
            command.Options.Add(option);
        command.SetAction(parse =>
        {
            var given = OptionTexts.Of(parse);
            var settings = new SettingsBinder(options).Bind(given);
            TorchRuntime.Initialize(run.ThreadCount(parse));
            var device = ComputeDevice.Select(run.DeviceOf(parse));
            using var scope = torch.NewDisposeScope();
            string[] names = [parse.GetValue(content)!, parse.GetValue(style)!, parse.GetValue(image)!];
            StandardPictures.RefuseSeveral(names);
            using var contentPicture = StandardPictures.Open(names[0]);
            using var stylePicture = StandardPictures.Open(names[1]);
            using var picture = StandardPictures.Open(names[2]);
            var notes = parse.GetValue(run.Quiet) ? TextWriter.Null : parse.InvocationConfiguration.Error;
            var weights = NetworkChoice.Load(parse.GetValue(run.Weights), run.Overrides(given), notes);
            var size = given.Has(options.Size.Option) ? picture.Size.WithLongSide(settings.Size) : picture.Size;
            var styleSize = settings.StyleSize is { } side ? stylePicture.Size.WithLongSide(side) : stylePicture.Size;
            MeasurementMemory.Check(weights, settings, size, styleSize, device, run.MemoryOf(parse));
            if (stylePicture.TransparencyNotice is { } notice) ErrorLine.Hint(notes, notice);
            var opacity = stylePicture.IsTransparent ? stylePicture.AlphaTensor(styleSize) : null;
            var measured = Measurement.Of(weights, contentPicture.ToTensor(size), [stylePicture.ToTensor(styleSize)], [1],
                picture.ToTensor(size), settings, device, [opacity]);
            if (parse.GetValue(json))
                parse.InvocationConfiguration.Output.WriteLine(Json(measured, weights, settings, size).ToJsonString(RunRecord.Json));
            else Print(measured, settings, parse.InvocationConfiguration.Output);
            return ExitCodes.Done;
        });
        return command;
    }

    /// <summary>The measurement, with tool and network.</summary>
    private static JsonObject Json(Measurement measured, VggWeights weights, StyleSettings settings, PixelSize size)
    {
        var record = new RunRecord { Settings = settings, Weights = new InputFile(weights.Name, weights.Sha256) };
        var json = new JsonObject { ["tool"] = record.Tool, ["version"] = record.Version };
        json["weights"] = JsonSerializer.SerializeToNode(record.Weights, RunRecord.Json);
        json["preprocessing"] = PreprocessingNames.NameOf(weights.Preprocessing);
        json["padding"] = ValueNames.Of(settings.NetworkFor(weights).Padding);
        (json["width"], json["height"]) = (size.Width, size.Height);
        foreach (var (name, value) in JsonSerializer.SerializeToNode(measured, RunRecord.Json)!.AsObject()) json[name] = value?.DeepClone();
        return json;
    }

    /// <summary>A group for each layer, and one for the whole picture. What the total is the weighted sum of is marked.</summary>
    private static void Print(Measurement measured, StyleSettings settings, TextWriter output)
    {
        var counted = settings.ContentLayers.Select(layer => $"content {layer.Layer} {ValueNames.Of(settings.ContentLoss)}")
            .Concat(settings.ComparedLayers.Select(layer => $"content {layer.Layer} {ValueNames.Of(ContentLossKind.SelfSimilarity)}"))
            .Concat(settings.StyleLayers.Select(layer => $"style {layer.Layer} {ValueNames.Of(settings.StyleLoss)}"))
            .Concat(settings.SecondStyleLoss is { } second
                ? settings.SecondStyleLayers.Select(layer => $"style {layer.Layer} {ValueNames.Of(second)}")
                : [])
            .Append("tv squared")
            .Concat(settings.PhotorealismWeight == 0 ? [] : ["photorealism"])
            .ToHashSet();
        foreach (var (kind, layers) in ((string, IReadOnlyDictionary<string, IReadOnlyDictionary<string, double>>)[])
            [("content", measured.Content), ("style", measured.Style)])
        {
            foreach (var (layer, losses) in layers)
            {
                foreach (var (definition, value) in losses) Line($"{kind} {layer} {definition}", value);
                output.WriteLine();
            }
        }
        Line("ssim to content", measured.StructuralSimilarity);
        Line("patch distance to style", measured.PatchDistance);
        if (measured.PerceptualDistance is { } perceptual) Line("perceptual distance to content", perceptual);
        if (measured.FeatureStructure is { } structure) Line("cfsd to content", structure);
        Line("tv absolute", measured.TotalVariationAbsolute);
        Line("tv squared", measured.TotalVariationSquared);
        Line("photorealism", measured.Photorealism);
        Line("total", measured.Total);
        Line("gradient norm", measured.GradientNorm);

        void Line(string name, double value) => output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{name,-32}{value,-18:G10}{(counted.Contains(name) ? "in the total" : "")}").TrimEnd());
    }
}

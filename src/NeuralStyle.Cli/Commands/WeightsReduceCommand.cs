using System.CommandLine;
using System.Globalization;
using NeuralStyle.Cli.Jobs;
using NeuralStyle.Cli.Options;
using NeuralStyle.Cli.Progress;
using NeuralStyle.Reduction;
using NeuralStyle.Runtime;
using NeuralStyle.Weights;

namespace NeuralStyle.Cli.Commands;

/// <summary><c>nst weights reduce IN -o OUT.npz</c>: makes a smaller, faster network that imitates a trained one.</summary>
internal static class WeightsReduceCommand
{
    private const int DefaultSamples = 600;
    private const int MostSteps = 1_000_000;

    public static Command Create(WeightsLocator? locator)
    {
        var input = new Argument<string>("IN") { Description = "network to reduce: a weights file, or a name from 'nst weights list'" };
        var output = new Option<string>("--output", "-o") { Description = ".npz file to write", HelpName = "OUT.npz", Required = true };
        var widths = new Option<string>("--widths")
        {
            Description = "channels of each block; multiples of 32 are fastest",
            HelpName = "N,N,N,N,N",
            DefaultValueFactory = _ => string.Join(',', new ReductionSettings().Widths),
        };
        var folder = new Option<string?>("--pictures") { Description =
            "fit to crops of the pictures in this folder instead of rendered ones", HelpName = "FOLDER" };
        var samples = new Option<int>("--samples")
        {
            Description = "number of pictures of 192×192 pixels to fit to; a tenth of them measures the errors",
            HelpName = "N",
            DefaultValueFactory = _ => DefaultSamples,
        };
        var refine = new Option<int>("--refine")
        {
            Description = "steps of training of the last two blocks together, after the closed form",
            HelpName = "N",
        };
        var seed = new Option<int>("--seed") { Description = "seed of the rendered pictures or of the crops", HelpName = "N" };
        var threads = new Option<int?>("--threads") { Description = "CPU threads; default: one per physical core", HelpName = "N" };
        var options = new WeightsOptions();
        var command = new Command("reduce", "make a smaller, faster network that imitates a trained one")
        {
            input, output, widths, folder, samples, refine, seed, threads,
        };
        options.AddFormatTo(command);
        command.Options.Add(options.NoClobber);
        command.SetAction((parse, token) => Task.Run(() =>
        {
            var request = new Request(parse.GetValue(input)!, parse.GetValue(output)!, ParseWidths(parse.GetValue(widths)!),
                parse.GetValue(folder), parse.GetValue(samples), parse.GetValue(refine),
                parse.GetValue(seed), options.Format(parse),
                parse.GetValue(options.NoClobber));
            return Run(request, locator ?? new WeightsLocator(), parse.GetValue(threads), parse.InvocationConfiguration.Error);
        }, token));
        return command;
    }

    private sealed record Request(string Input, string Output, int[] Widths, string? Folder, int Samples, int Refine, int Seed,
        NumberFormat Format, bool NoClobber);

    private static int Run(Request request, WeightsLocator locator, int? threads, TextWriter error)
    {
        var path = locator.Locate(request.Input).Path
            ?? throw new InvalidInputException(
                "the built-in network is reduced already; name a trained one, for instance vgg19 after 'nst weights fetch vgg19'");
        WeightsOptions.CheckName(request.Output);
        WeightsOptions.CheckOutput(path, request.Output, request.NoClobber, error);
        var outputFolder = WeightsOptions.FolderOf(request.Output);
        if (request.Refine is < 0 or > MostSteps)
            throw new InvalidInputException($"--refine is {request.Refine}; expected 0 to {MostSteps} steps");
        if (request.Samples < 10) throw new InvalidInputException($"--samples is {request.Samples}; expected 10 or more");
        TorchRuntime.Initialize(threads);
        var teacher = WeightsFile.Load(path);
        ISamplePictures pictures = request.Folder is { } folder
            ? new FolderPictures(folder, request.Samples, request.Seed)
            : new RenderedPictures(request.Samples, request.Seed);
        using var owned = pictures as IDisposable;
        using var stop = new Interruption(error, "stopping; nothing will be written");
        var settings = new ReductionSettings { Widths = request.Widths, WorkFolder = outputFolder, RefinementSteps = request.Refine };
        try
        {
            var reduced = NetworkReducer.Reduce(teacher, pictures, settings, new ReductionReporter(error), stop.Token);
            var written = NpzWriter.Write(request.Output, reduced.Weights, request.Format, Source(teacher, request, pictures),
                request.NoClobber);
            EarlierResult.Told(request.Output, written, error);
            ErrorLine.Hint(error, $"wrote '{written}', {TextTable.Size(new FileInfo(written).Length)}");
            return ExitCodes.Done;
        }
        catch (OperationCanceledException)
        {
            return stop.ExitCode ?? ExitCodes.Interrupted;
        }
    }

    private static string Source(Vgg.VggWeights teacher, Request request, ISamplePictures pictures)
    {
        var fitted = request.Folder is null ? $"{pictures.Count} rendered pictures" : $"{pictures.Count} crops of pictures";
        return string.Create(CultureInfo.InvariantCulture,
            $"reduced by nst from {teacher.Name}, SHA-256 {teacher.Sha256}, on {fitted}, seed {request.Seed}");
    }

    private static int[] ParseWidths(string text) => text.Split(',')
        .Select(part => int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var width)
            ? width
            : throw new InvalidInputException(
                $"--widths is '{text}'; expected whole numbers with commas between them, one for each block: 32,64,128,256,256"))
        .ToArray();
}

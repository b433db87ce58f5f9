using System.CommandLine;
using System.Globalization;
using NeuralStyle.Cli.Jobs;
using NeuralStyle.Cli.Options;
using NeuralStyle.Cli.Progress;
using NeuralStyle.Reduction;
using NeuralStyle.Reduction.Distilling;
using NeuralStyle.Runtime;
using NeuralStyle.Vgg;
using NeuralStyle.Weights;

namespace NeuralStyle.Cli.Commands;

/// <summary><c>nst weights refine STUDENT -o OUT.npz</c>: trains a reduced network against the network that it was made from.</summary>
internal static class WeightsRefineCommand
{
    private const int DefaultSamples = 3000, FewestSamples = 20, PictureSize = 224;
    private const int MostSteps = 10_000_000, LargestBatch = 256;

    public static Command Create(WeightsLocator? locator)
    {
        var input = new Argument<string>("STUDENT") { Description = "network to train: a file that 'nst weights reduce' wrote" };
        var output = new Option<string>("--output", "-o") { Description = ".npz file to write", HelpName = "OUT.npz", Required = true };
        var teacher = new Option<string>("--teacher") { Description =
            "the network that STUDENT was reduced from: a weights file, or a name from 'nst weights list'", HelpName = "TEACHER",
            Required = true };
        var folder = new Option<string>("--pictures") { Description = "train on crops of the pictures in this folder",
            HelpName = "FOLDER", Required = true };
        var samples = new Option<int>("--samples")
        {
            Description = "number of crops of 224×224 pixels; a tenth of them measures the errors",
            HelpName = "N",
            DefaultValueFactory = _ => DefaultSamples,
        };
        var steps = new Option<int>("--steps") { Description = "steps of training", HelpName = "N",
            DefaultValueFactory = _ => new DistillationSettings().Steps };
        var batch = new Option<int>("--batch") { Description = "crops in a step", HelpName = "N",
            DefaultValueFactory = _ => new DistillationSettings().Batch };
        var rate = new Option<string>("--rate")
        {
            Description = "largest learning rate, as a share of the size of the weights",
            HelpName = "X",
            DefaultValueFactory = _ => new DistillationSettings().LearningRate.ToString(CultureInfo.InvariantCulture),
        };
        var seed = new Option<int>("--seed") { Description = "seed of the crops", HelpName = "N" };
        var (options, run) = (new WeightsOptions(), new RunOptions());
        var command = new Command("refine", "train a reduced network against the network that it was made from, on a GPU if there is one")
        {
            input, output, teacher, folder, samples, steps, batch, rate, seed, run.Device, run.Threads,
        };
        options.AddFormatTo(command);
        command.Options.Add(options.NoClobber);
        command.SetAction((parse, token) => Task.Run(() =>
        {
            var request = new Request(parse.GetValue(input)!, parse.GetValue(output)!, parse.GetValue(teacher)!, parse.GetValue(folder)!,
                parse.GetValue(samples), parse.GetValue(steps), parse.GetValue(batch), Values.Number(rate.Name, parse.GetValue(rate)!),
                parse.GetValue(seed), run.DeviceOf(parse),
                options.Format(parse), parse.GetValue(options.NoClobber));
            return Run(request, locator ?? new WeightsLocator(), run.ThreadCount(parse), parse.InvocationConfiguration.Error);
        }, token));
        return command;
    }

    private sealed record Request(string Student, string Output, string Teacher, string Folder, int Samples, int Steps, int Batch,
        double LearningRate, int Seed, string Device, NumberFormat Format, bool NoClobber);

    private static int Run(Request request, WeightsLocator locator, int? threads, TextWriter error)
    {
        var (path, teacherPath) = (WeightsOptions.FileOf(request.Student, locator), WeightsOptions.FileOf(request.Teacher, locator));
        Check(request, path, teacherPath, error);
        TorchRuntime.Initialize(threads);
        var device = ComputeDevice.Select(request.Device);
        var (student, teacher) = (WeightsFile.Load(path), WeightsFile.Load(teacherPath));
        using var stop = new Interruption(error, "stopping; nothing will be written");
        var settings = new DistillationSettings { Steps = request.Steps, Batch = request.Batch,
            LearningRate = request.LearningRate, Seed = request.Seed, Device = device };
        try
        {
            var reporter = new DistillationReporter(error);
            reporter.Begin(request.Folder, device.ToString());
            var refined = Distillation.Run(student, teacher,
                () => new FolderPictures(request.Folder, request.Samples, request.Seed, PictureSize), settings, reporter, stop.Token);
            var written = NpzWriter.Write(request.Output, refined.Weights, request.Format, Source(teacher, request),
                request.NoClobber);
            EarlierResult.Told(request.Output, written, error);
            reporter.End(refined);
            ErrorLine.Hint(error, $"wrote '{written}', {TextTable.Size(new FileInfo(written).Length)}");
            return ExitCodes.Done;
        }
        catch (OperationCanceledException)
        {
            return stop.ExitCode ?? ExitCodes.Interrupted;
        }
        catch (Exception failure) when (ComputeDevice.ExplainOutOfMemory(failure) is not null)
        {
            throw new RunFailedException($"there is not enough memory on {device} for batches of {request.Batch} and {request.Samples} "
                + $"crops; give a smaller --batch, or fewer --samples", failure);
        }
    }

    private static void Check(Request request, string path, string teacherPath, TextWriter error)
    {
        if (request.Steps is < 1 or > MostSteps)
            throw new InvalidInputException($"--steps is {request.Steps}; expected 1 to {MostSteps}");
        if (request.Batch is < 1 or > LargestBatch)
            throw new InvalidInputException($"--batch is {request.Batch}; expected 1 to {LargestBatch} crops");
        if (request.Samples < FewestSamples)
            throw new InvalidInputException($"--samples is {request.Samples}; expected {FewestSamples} or more");
        if (!(request.LearningRate is > 0 and <= 1))
            throw new InvalidInputException(string.Create(CultureInfo.InvariantCulture,
                $"--rate is {request.LearningRate}; expected more than 0 and at most 1, for instance 0.003"));
        WeightsOptions.CheckName(request.Output);
        new FileUses().Reads("the teacher", teacherPath).Writes("the result", request.Output).Check();
        WeightsOptions.CheckOutput(path, request.Output, request.NoClobber, error);
        WeightsOptions.FolderOf(request.Output);
    }

    private static string Source(VggWeights teacher, Request request) => string.Create(CultureInfo.InvariantCulture,
        $"refined by nst on {request.Samples} crops, {request.Steps} steps of {request.Batch}, seed {request.Seed}, reduced from "
            + $"{teacher.Name}, SHA-256 {teacher.Sha256}");
}

using System.CommandLine;
using NeuralStyle.Cli.Jobs;
using NeuralStyle.Cli.Options;
using NeuralStyle.Cli.Progress;
using NeuralStyle.Vgg;
using NeuralStyle.Weights;

namespace NeuralStyle.Cli.Commands;

/// <summary><c>nst weights convert IN OUT.npz</c>: any format to the compact .npz, with its preprocessing noted inside.</summary>
internal static class WeightsConvertCommand
{
    public static Command Create(WeightsLocator? locator)
    {
        var input = new Argument<string>("IN")
        {
            Description = "weights file of any format that nst reads, a folder of .npy files, or an installed network",
        };
        var result = new Argument<string>("OUT.npz") { Description = "file to write" };
        var options = new WeightsOptions();
        var command = new Command("convert", "convert a weights file to a compact .npz of its convolutions") { input, result };
        options.AddTo(command);
        command.Options.Add(options.NoClobber);
        command.SetAction(parse =>
        {
            var to = parse.GetValue(result)!;
            WeightsOptions.CheckName(to);
            var from = WeightsOptions.FileOf(parse.GetValue(input)!, locator);
            var (keep, error) = (parse.GetValue(options.NoClobber), parse.InvocationConfiguration.Error);
            WeightsOptions.CheckOutput(from, to, keep, error);
            var weights = WeightsFile.Load(from, options.Bind(parse));
            var source = $"{weights.Name}, SHA-256 {weights.Sha256}{(weights.PreprocessingGuess is null ? "" : ", preprocessing guessed")}";
            var written = EarlierResult.Told(to, NpzWriter.Write(to, weights, options.Format(parse), source, keep), error);
            PreprocessingHint.Write(weights, error);
            ErrorLine.Hint(error,
                $"wrote '{written}': {weights.Convolutions.Count} convolutions down to {weights.Deepest}, "
                    + $"{TextTable.Size(new FileInfo(written).Length)}, "
                    + $"preprocessing {PreprocessingNames.NameOf(weights.Preprocessing)}");
        });
        return command;
    }
}

using System.CommandLine;
using NeuralStyle.Cli.Options;
using NeuralStyle.Cli.Progress;
using NeuralStyle.Runtime;
using NeuralStyle.Vgg;
using NeuralStyle.Weights;

namespace NeuralStyle.Cli.Commands;

/// <summary><c>nst weights verify FILE</c>: known hashes, values, and a forward pass on a test picture.</summary>
internal static class WeightsVerifyCommand
{
    public static Command Create(WeightsLocator? locator)
    {
        var file = new Argument<string>("FILE") { Description = "weights file, a folder of .npy files, or an installed network" };
        var command = new Command("verify",
            "check the hash and the values of a weights file, and run the network on a test picture") { file };
        command.SetAction(parse =>
        {
            var (path, output) = (WeightsOptions.FileOf(parse.GetValue(file)!, locator), parse.InvocationConfiguration.Output);
            var weights = WeightsFile.Load(path);
            output.WriteLine($"values: {weights.Convolutions.Sum(c => (long)c.Kernel.Length + c.Bias.Length)} numbers, all finite");
            output.WriteLine($"hash: {WeightsFile.Identify(path)?.Name ?? "no known source"} (SHA-256 {weights.Sha256})");
            TorchRuntime.Initialize();
            var activity = ActivationCheck.Run(weights);
            TextTable.Write(output, [["LAYER", "MEAN", "MAXIMUM", "ACTIVE"], .. activity.Select(Row)]);
            if (activity.FirstOrDefault(layer => layer.Problem is not null) is { Problem: { } problem } bad)
                throw new InvalidInputException(
                    $"the weights '{path}' do not work: {bad.Layer} {problem}; they are damaged or their preprocessing is wrong");
            output.WriteLine("activations: sane at every layer");
        });
        return command;
    }

    private static string[] Row(LayerActivity layer) =>
        [layer.Layer.ToString(), FormattableString.Invariant($"{layer.Mean:G4}"), FormattableString.Invariant($"{layer.Maximum:G4}"),
            FormattableString.Invariant($"{layer.ActiveShare:P0}")];
}

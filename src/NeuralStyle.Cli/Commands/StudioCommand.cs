using System.CommandLine;
using NeuralStyle.Cli.Jobs;
using NeuralStyle.Cli.Options;
using NeuralStyle.Cli.Studio;
using NeuralStyle.Runtime;
using NeuralStyle.Weights;

namespace NeuralStyle.Cli.Commands;

/// <summary><c>nst studio</c>: choose, try and paint in the browser; see docs/studio.md.</summary>
internal static class StudioCommand
{
    public static Command Create()
    {
        var folder = new Argument<string>("FOLDER")
        {
            Description = "folder with pictures; results go to nst-results in it; default: the current folder",
            DefaultValueFactory = _ => ".",
        };
        var options = new StudioOptions();
        var command = new Command("studio", "choose pictures, try settings and paint in the browser, on this machine alone") { folder };
        options.AddTo(command);
        command.SetAction(parse =>
        {
            var error = parse.InvocationConfiguration.Error;
            var (run, port, asked) = (options.Run, options.PortOf(parse), parse.GetValue(options.Run.Weights));
            var (cuda, _) = (run.ComputeOf(parse), run.MemoryOf(parse)); // wrong values are named now, not at the first run
            var place = new StudioFolder(parse.GetValue(folder)!);
            TorchRuntime.Initialize(run.ThreadCount(parse));
            var device = ComputeDevice.Select(run.DeviceOf(parse));
            ComputeTuning.Use(device, cuda);
            var weights = NetworkChoice.Load(asked, run.Overrides(OptionTexts.Of(parse)), error);
            // a full path: runs look for it from within the folder
            var path = new WeightsLocator().Locate(asked, "--weights").Path is { } found ? Path.GetFullPath(found) : asked;
            var machine = new StudioMachine(weights, device, options.MachineArguments(parse, path));
            return StudioHost.Run(place, machine, port, !parse.GetValue(options.NoOpen), error);
        });
        return command;
    }
}

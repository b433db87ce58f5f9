using System.CommandLine;
using System.Text.Json;
using NeuralStyle.Benchmarking;
using NeuralStyle.Cli.Jobs;
using NeuralStyle.Cli.Options;
using NeuralStyle.Cli.Progress;
using NeuralStyle.Runs;
using NeuralStyle.Runtime;

namespace NeuralStyle.Cli.Commands;

/// <summary><c>nst bench</c>: the speed of this machine, and estimated times of runs.</summary>
internal static class BenchCommand
{
    public static Command Create()
    {
        var json = new Option<bool>("--json") { Description = "print one line of JSON" };
        var quick = new Option<bool>("--quick") { Description =
            "use fewer and smaller pictures: seconds instead of a minute, rougher estimates" };
        var run = new RunOptions();
        var command = new Command("bench",
            "measure this machine: speed, sizes that fit into memory, estimated times of runs") { json, quick };
        run.AddTo(command);
        command.SetAction(parse =>
        {
            var (memory, cuda) = (run.MemoryOf(parse), run.ComputeOf(parse));
            TorchRuntime.Initialize(run.ThreadCount(parse));
            var device = ComputeStart.On(run.DeviceOf(parse), cuda, parse.InvocationConfiguration.Error);
            var progress = parse.GetValue(run.Quiet) ? TextWriter.Null : parse.InvocationConfiguration.Error;
            var weights = NetworkChoice.Load(parse.GetValue(run.Weights), run.Overrides(OptionTexts.Of(parse)), progress);
            var plan = parse.GetValue(quick) ? BenchmarkPlan.Quick : BenchmarkPlan.Full;
            var report = new MachineBenchmark(weights, plan, device, memory, new Told(progress)).Run();
            if (parse.GetValue(json)) parse.InvocationConfiguration.Output.WriteLine(JsonSerializer.Serialize(report, RunRecord.Json));
            else BenchTable.Write(report, parse.InvocationConfiguration.Output);
            return ExitCodes.Done;
        });
        return command;
    }

    private sealed class Told(TextWriter error) : IProgress<string>
    {
        public void Report(string value) => error.WriteLine($"timing: {value}");
    }
}

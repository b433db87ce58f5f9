using System.Text.Json;
using System.Text.Json.Nodes;
using NeuralStyle.Cli.Jobs;
using NeuralStyle.Runs;
using NeuralStyle.Runtime;
using NeuralStyle.Runtime.Native;
using TorchSharp;

namespace NeuralStyle.Cli.Progress;

/// <summary>The first line of a log: the record of the picture, and the machine.</summary>
internal static class LogHeader
{
    /// <summary>One line of JSON: the run's record and, as <c>run</c>, values that do not affect the picture.</summary>
    public static string Of(StyleJob job, RunRecord record, torch.Device device)
    {
        var line = JsonNode.Parse(record.ToJson())!.AsObject();
        line["run"] = JsonSerializer.SerializeToNode(new
        {
            Output = job.Output,
            Device = device.ToString(),
            Precision = ComputeTuning.PrecisionOn(device, job.Compute, record.Settings.MostIterations()),
            CudnnBenchmark = job.Compute.Search,
            CudaGraphs = ComputeTuning.Records(device),
            Threads = torch.get_num_threads(),
            Libtorch = LibtorchContext.Folder,
            MemoryBudget = job.Memory.Budget,
            Tile = job.Memory.Tile,
            job.SaveEvery,
            Checkpoint = job.Checkpoint?.Path,
            job.Metadata,
        }, RunRecord.Json);
        line.Insert(0, "type", "header");
        return line.ToJsonString(RunRecord.Json);
    }
}

using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using NeuralStyle.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace NeuralStyle.Checkpoints;

/// <summary>The checkpoints of one run: continues from one and saves others.</summary>
internal sealed class RunCheckpoints(CheckpointSettings settings)
{
    private readonly JsonObject _record = JsonNode.Parse(settings.Record.ToJson())!.AsObject();
    private readonly Stopwatch _sinceSaved = Stopwatch.StartNew();

    /// <summary>Seconds that the run took before it was interrupted.</summary>
    public double SecondsBefore { get; private set; }

    /// <summary>The state in the file; null when there is none, or the run is not to continue from it.</summary>
    /// <exception cref="InvalidInputException">The checkpoint is damaged, of a newer version or of another run.</exception>
    public RunState? Restore(StyleSettings style, IReadOnlyList<Scale> scales, Device device)
    {
        AtomicFile.RemoveLeftovers(settings.Path); // a process killed while it saved
        if (!settings.Resume || !File.Exists(settings.Path)) return null;
        using var scope = NewDisposeScope();
        var (header, tensors) = CheckpointReader.Read(settings.Path);
        if (RecordDifference.Find(header.Record, _record) is { } difference)
            throw new InvalidInputException($"checkpoint '{settings.Path}' is of another run ({difference}); give the options and files of that run, or start anew without --resume");

        var state = Rebuild(header, tensors, style, scales, device);
        SecondsBefore = header.Seconds;
        settings.Notice?.Invoke(string.Create(CultureInfo.InvariantCulture, $"continuing from '{settings.Path}': scale {header.Scale + 1} of {scales.Count}, {header.Iteration} of {scales[header.Scale].Iterations} iterations done"));
        if (header.Device != device.ToString() || header.Threads != get_num_threads())
            settings.Warning?.Invoke(string.Create(CultureInfo.InvariantCulture, $"the run began on {header.Device} with {header.Threads} threads and goes on on {device} with {get_num_threads()}: the picture may differ in the last bits"));
        return state;
    }

    /// <summary>Saves when the last save is long enough ago.</summary>
    public void SaveIfDue(RunState state, RunClock clock)
    {
        if (_sinceSaved.Elapsed >= settings.Every) Save(state, clock);
    }

    /// <summary>Saves now.</summary>
    /// <exception cref="RunFailedException">Writing failed, and there is no one to be told.</exception>
    public void Save(RunState state, RunClock clock)
    {
        using var scope = NewDisposeScope();
        var tensors = state.Save();
        try
        {
            CheckpointWriter.Write(settings.Path, new CheckpointHeader
            {
                Record = _record,
                Device = state.Device.ToString(),
                Threads = get_num_threads(),
                Scale = state.Scale,
                Iteration = state.Iteration,
                Seconds = clock.Seconds,
                Tensors = tensors.Select(tensor => new CheckpointTensor(tensor.Key, ElementTypes.NameOf(tensor.Value.dtype), tensor.Value.shape)).ToArray(),
            }, tensors.Values);
        }
        catch (Exception failure) when (failure is RunFailedException or InvalidInputException && settings.Warning is not null)
        {
            settings.Warning($"{failure.Message}; the run goes on without this checkpoint");
        }
        _sinceSaved.Restart(); // behind the saving: a slow disk is not asked again at once
    }

    /// <summary>The checksum vouches for the bytes, not for whoever wrote them: what does not fit together is refused too.</summary>
    private RunState Rebuild(CheckpointHeader header, IReadOnlyDictionary<string, Tensor> tensors, StyleSettings style, IReadOnlyList<Scale> scales, Device device)
    {
        try
        {
            if (header.Scale < 0 || header.Scale >= scales.Count) throw new ArgumentException("no such scale");
            var scale = scales[header.Scale];
            if (header.Iteration < 0 || header.Iteration > scale.Iterations || !(header.Seconds >= 0)) throw new ArgumentException("no such iteration");
            return RunState.Restore(style, scale.Size, header.Scale, header.Iteration, tensors, device);
        }
        catch (Exception failure) when (failure is ArgumentException or KeyNotFoundException or InvalidOperationException or ExternalException)
        {
            throw new InvalidInputException($"checkpoint '{settings.Path}' is damaged: its parts do not fit together; start anew without --resume", failure);
        }
    }
}

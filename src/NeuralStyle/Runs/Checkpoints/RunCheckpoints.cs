using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using NeuralStyle.Memory;
using NeuralStyle.Runtime;
using NeuralStyle.Runtime.Files;
using NeuralStyle.Scales;
using NeuralStyle.Settings;
using static TorchSharp.torch;

namespace NeuralStyle.Runs.Checkpoints;

/// <summary>The checkpoints of one run: loads one to continue from, and saves others.</summary>
internal sealed class RunCheckpoints(CheckpointSettings settings)
{
    private readonly JsonObject _record = JsonNode.Parse(settings.Record.ToJson())!.AsObject();
    private readonly Stopwatch _sinceSaved = Stopwatch.StartNew();
    private (CheckpointHeader Header, IReadOnlyDictionary<string, Tensor> Tensors)? _read;
    private long? _losses; // that were restored with the optimiser's state

    /// <summary>Seconds of the run before it was interrupted.</summary>
    public double SecondsBefore { get; private set; }

    /// <summary>Reads the file, if there is one and the run should continue from it.</summary>
    /// <param name="scales">Number of scales of the run.</param>
    /// <param name="device">The device on which it continues.</param>
    /// <returns>How each scale was computed; null if the run starts at the beginning.</returns>
    /// <exception cref="InvalidInputException">The checkpoint is damaged, of a newer version or of another run.</exception>
    public IReadOnlyList<MemoryChoice>? Read(int scales, Device device)
    {
        AtomicFile.RemoveLeftovers(settings.Path); // of a process killed while saving
        if (!settings.Resume || !File.Exists(settings.Path)) return null;
        using var scope = NewDisposeScope();
        var (header, tensors) = CheckpointReader.Read(settings.Path);
        try
        {
            RunRecord.Upgrade(header.Record);
            SavedState.Check(header, scales);
        }
        catch (Exception failure) when (failure is ArgumentException or InvalidOperationException)
        {
            throw Damaged(failure);
        }
        if (RecordDifference.Find(header.Record, _record) is { } difference)
            throw new RefusedCheckpointException($"checkpoint '{settings.Path}' belongs to another run ({difference}); give the options "
                + $"and files of that run, or start again without CheckpointSettings.Resume");
        var threadsMatter = device.type != TorchSharp.DeviceType.CPU || !TorchRuntime.SumsAreFixed;
        if (header.Device != device.ToString() || (threadsMatter && header.Threads != get_num_threads()))
            settings.Warning?.Invoke(string.Create(CultureInfo.InvariantCulture,
                $"the run began on {header.Device} with {header.Threads} threads and continues on {device} with {get_num_threads()}: the "
                    + $"picture may differ in the last bits"));
        foreach (var tensor in tensors.Values) tensor.DetachFromDisposeScope();
        _read = (header, tensors);
        return header.Choices;
    }

    /// <summary>The state from the file that was read; null if there is none.</summary>
    /// <param name="style">Settings of the run.</param>
    /// <param name="scales">Its scales.</param>
    /// <param name="choices">How they are computed.</param>
    /// <param name="device">Where it continues.</param>
    /// <exception cref="InvalidInputException">The parts of the checkpoint do not fit together.</exception>
    public RunState? Restore(StyleSettings style, IReadOnlyList<Scale> scales, IReadOnlyList<MemoryChoice> choices, Device device)
    {
        if (_read is not var (header, tensors)) return null;
        using var scope = NewDisposeScope();
        foreach (var tensor in tensors.Values) scope.Attach(tensor);
        _read = null;
        try
        {
            var scale = scales[header.Scale];
            if (header.Iteration > scale.Iterations) throw new ArgumentException("no such iteration");
            SavedState.Check(tensors, choices[header.Scale].History);
            _losses = tensors.TryGetValue("optimizer/raw", out var raw) ? raw.numel() : null;
            var state = RunState.Restore(style, scales, choices[header.Scale], header.Scale, header.Iteration, tensors, device);
            SecondsBefore = header.Seconds;
            settings.Notice?.Invoke(string.Create(CultureInfo.InvariantCulture,
                $"continuing from '{settings.Path}': scale {header.Scale + 1} of {scales.Count}, {header.Iteration} of "
                    + $"{scale.Iterations} iterations done"));
            return state;
        }
        catch (Exception failure)
            when (failure is ArgumentException or KeyNotFoundException or InvalidOperationException or ExternalException)
        {
            throw Damaged(failure); // the checksum protects the bytes, but does not prove that nst wrote them
        }
    }

    /// <summary>Fails if the losses that were restored are not as many as the run has; called once its evaluator is there.</summary>
    /// <param name="terms">Losses of the run.</param>
    /// <exception cref="InvalidInputException">They are of another run.</exception>
    public void Check(int terms)
    {
        if (_losses is { } restored && restored != terms) throw Damaged(null);
        _losses = null;
    }

    /// <summary>Saves if the last save is long enough ago.</summary>
    public void SaveIfDue(RunState state, RunClock clock, IReadOnlyList<MemoryChoice> choices)
    {
        if (_sinceSaved.Elapsed >= settings.Every) Save(state, clock, choices);
    }

    /// <summary>Saves now.</summary>
    /// <exception cref="RunFailedException">Writing failed, and no warnings are received.</exception>
    public void Save(RunState state, RunClock clock, IReadOnlyList<MemoryChoice> choices)
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
                Choices = choices,
                Tensors = tensors.Select(tensor =>
                    new CheckpointTensor(tensor.Key, ElementTypes.NameOf(tensor.Value.dtype), tensor.Value.shape)).ToArray(),
            }, tensors.Values);
        }
        catch (Exception failure) when (failure is RunFailedException or InvalidInputException && settings.Warning is not null)
        {
            settings.Warning($"{failure.Message}; the run continues without this checkpoint");
        }
        _sinceSaved.Restart(); // set after saving: a slow disk gets a pause
    }

    private RefusedCheckpointException Damaged(Exception? cause) =>
        new($"checkpoint '{settings.Path}' is damaged: its parts do not fit together; start again without CheckpointSettings.Resume",
            cause);
}

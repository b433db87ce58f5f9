using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using NeuralStyle.Memory;

namespace NeuralStyle.Runs.Checkpoints;

/// <summary>The header of a checkpoint, before its tensors, as JSON.</summary>
internal sealed record CheckpointHeader
{
    /// <summary>The run's <see cref="RunRecord"/>.</summary>
    [JsonRequired]
    public required JsonObject Record { get; init; }

    /// <summary>The device of the run: another device rounds differently.</summary>
    [JsonRequired]
    public required string Device { get; init; }

    /// <summary>CPU threads: another number rounds differently.</summary>
    [JsonRequired]
    public required int Threads { get; init; }

    /// <summary>The scale in work, from 0.</summary>
    [JsonRequired]
    public required int Scale { get; init; }

    /// <summary>Iterations done at this scale.</summary>
    [JsonRequired]
    public required int Iteration { get; init; }

    /// <summary>Seconds of the run so far.</summary>
    [JsonRequired]
    public required double Seconds { get; init; }

    /// <summary>How each scale is computed: other tiles or another history of L-BFGS round differently.</summary>
    [JsonRequired]
    public required IReadOnlyList<MemoryChoice> Choices { get; init; }

    /// <summary>The tensors, in the order of their values.</summary>
    [JsonRequired]
    public required IReadOnlyList<CheckpointTensor> Tensors { get; init; }
}

/// <summary>One tensor of a checkpoint.</summary>
/// <param name="Name">For instance <c>optimizer/first</c>.</param>
/// <param name="Type">Its element type, by the names of <see cref="ElementTypes"/>.</param>
/// <param name="Shape">Its sides; empty for a single number.</param>
internal sealed record CheckpointTensor([property: JsonRequired] string Name, [property: JsonRequired] string Type,
    [property: JsonRequired] IReadOnlyList<long> Shape);

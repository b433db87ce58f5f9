using System.Text.Json.Serialization;

namespace NeuralStyle.Cli.Studio;

/// <summary>A picture of the queue, as it is kept in the queue's file.</summary>
internal sealed record QueueItem
{
    /// <summary>Its number.</summary>
    public required int Id { get; init; }

    /// <summary>What is to be painted.</summary>
    public required Wish Wish { get; init; }

    /// <summary>The result, below the folder.</summary>
    public required string Output { get; set; }

    /// <summary>How far it is.</summary>
    [JsonConverter(typeof(JsonStringEnumConverter<WorkState>))]
    public WorkState State { get; set; }

    /// <summary>Whether it was begun: it continues from its checkpoint.</summary>
    public bool Begun { get; set; }

    /// <summary>Whether the picture so far was written: it may be replaced.</summary>
    public bool Written { get; set; }

    /// <summary>Why it failed.</summary>
    public string? Error { get; set; }

    /// <summary>How long it took.</summary>
    public double? Seconds { get; set; }

    /// <summary>Its run; null while it does not run.</summary>
    [JsonIgnore]
    public Work? Work { get; set; }

    /// <summary>What becomes of it when its run ends early.</summary>
    [JsonIgnore]
    public WorkState Then { get; set; }
}

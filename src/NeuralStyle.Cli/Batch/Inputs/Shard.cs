using System.Globalization;
using NeuralStyle.Cli.Options;

namespace NeuralStyle.Cli.Batch.Inputs;

/// <summary>One of several equal parts of a plan.</summary>
/// <param name="Index">Which part, from 0.</param>
/// <param name="Count">Number of parts.</param>
internal sealed record Shard(int Index, int Count)
{
    public const string Auto = "auto";
    public const int Most = 1_000_000;

    /// <summary>Everything.</summary>
    public static Shard Whole { get; } = new(0, 1);

    /// <summary>This part of a list: every <see cref="Count"/>-th item. The parts of a list share no item and miss none.</summary>
    public IReadOnlyList<T> Of<T>(IEnumerable<T> items) => items.Where((_, index) => index % Count == Index).ToArray();

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Index + 1}/{Count}");

    /// <summary>Reads the options.</summary>
    /// <param name="shard"><c>3/16</c>, <c>auto</c>, or null.</param>
    /// <param name="shards">The number of parts if the engine does not give it, or null.</param>
    /// <param name="variable">Reads an environment variable; null when it is not set.</param>
    /// <exception cref="InvalidInputException">The text is neither, or the engine's variables are missing or invalid.</exception>
    public static Shard Parse(string? shard, string? shards, Func<string, string?> variable)
    {
        if (shard is null && shards is null) return Whole;
        int? count = shards is null ? null : Values.InRange("--shards", shards, 1, Most);
        if (shard is null or Auto) return ShardVariables.Read(count, variable);
        if (shards is not null)
            throw new InvalidInputException("--shard K/N and --shards were both given; --shards goes with --shard auto");
        var parts = shard.Split('/');
        if (parts.Length != 2) throw new InvalidInputException($"--shard '{shard}' is not known; expected K/N, for instance 3/16, or auto");
        var of = Values.InRange("--shard: the number of parts", parts[1], 1, Most);
        return new Shard(Values.InRange("--shard: the part", parts[0], 1, of) - 1, of);
    }
}

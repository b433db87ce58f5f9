using static TorchSharp.torch;

namespace NeuralStyle.Matching;

/// <summary>Nearest neighbours by cosine, in blocks: the whole matrix of distances is never in memory.</summary>
internal static class NearestSearch
{
    private const long BlockElements = 1 << 22; // 16 MiB of similarities

    /// <summary>For each query the most similar key.</summary>
    /// <param name="queries">P×d; their norms do not matter.</param>
    /// <param name="keys">K×d, unit vectors.</param>
    /// <returns>P int64 values from 0 to K−1.</returns>
    public static Tensor Of(Tensor queries, Tensor keys)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        var count = queries.shape[0];
        var found = empty([count], ScalarType.Int64, queries.device);
        var block = Math.Max(1, BlockElements / keys.shape[0]);
        using var transposed = keys.t();
        for (var start = 0L; start < count; start += block)
        {
            using var step = NewDisposeScope();
            var rows = Math.Min(block, count - start);
            found.narrow(0, start, rows).copy_(queries.narrow(0, start, rows).mm(transposed).argmax(1));
        }
        return found.MoveToOuterDisposeScope();
    }

    /// <summary>For each query the most similar key, and for each key the most similar query.</summary>
    /// <param name="queries">P×d, unit vectors: similarities to different queries are compared.</param>
    /// <param name="keys">K×d, unit vectors.</param>
    /// <returns>P int64 values from 0 to K−1, and K from 0 to P−1.</returns>
    public static (Tensor Keys, Tensor Queries) BothWays(Tensor queries, Tensor keys)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        var count = queries.shape[0];
        var found = empty([count], ScalarType.Int64, queries.device);
        var best = full([keys.shape[0]], double.NegativeInfinity, queries.dtype, queries.device);
        var at = zeros([keys.shape[0]], ScalarType.Int64, queries.device);
        var block = Math.Max(1, BlockElements / keys.shape[0]);
        using var transposed = keys.t();
        for (var start = 0L; start < count; start += block)
        {
            using var step = NewDisposeScope();
            var rows = Math.Min(block, count - start);
            var similar = queries.narrow(0, start, rows).mm(transposed);
            found.narrow(0, start, rows).copy_(similar.argmax(1));
            var (values, indices) = similar.max(0);
            var better = values.gt(best);
            at.copy_(where(better, indices + start, at));
            best.copy_(where(better, values, best));
        }
        return (found.MoveToOuterDisposeScope(), at.MoveToOuterDisposeScope());
    }

    /// <summary>The same both ways within groups, see <see cref="InGroups"/>; a key of a group without queries finds query 0.</summary>
    public static (Tensor Keys, Tensor Queries) BothWaysInGroups(Tensor queries, Tensor keys, IReadOnlyList<KeyRange> groups,
        Tensor? groupOf)
    {
        if (groupOf is null) return BothWays(queries, keys);
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        var (found, back) = (zeros([queries.shape[0]], ScalarType.Int64, queries.device), zeros([keys.shape[0]], ScalarType.Int64,
            queries.device));
        for (var group = 0; group < groups.Count; group++)
        {
            using var step = NewDisposeScope();
            var members = groupOf.eq(group).nonzero().flatten();
            var (start, count) = groups[group];
            if (members.shape[0] == 0 || count == 0) continue;
            var (forward, backward) = BothWays(queries.index_select(0, members), keys.narrow(0, start, count));
            found.index_copy_(0, members, forward + start);
            back.narrow(0, start, count).copy_(members.index_select(0, backward));
        }
        return (found.MoveToOuterDisposeScope(), back.MoveToOuterDisposeScope());
    }

    /// <summary>The most similar key where each query belongs to a group, and may only find keys of it.</summary>
    /// <param name="queries">P×d.</param>
    /// <param name="keys">K×d, unit vectors, those of a group side by side.</param>
    /// <param name="groups">The range of keys of each group.</param>
    /// <param name="groupOf">P int64 values, the group of each query; null if there is one.</param>
    public static Tensor InGroups(Tensor queries, Tensor keys, IReadOnlyList<KeyRange> groups, Tensor? groupOf)
    {
        if (groupOf is null) return Of(queries, keys);
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        var found = zeros([queries.shape[0]], ScalarType.Int64, queries.device);
        for (var group = 0; group < groups.Count; group++)
        {
            using var step = NewDisposeScope();
            var members = groupOf.eq(group).nonzero().flatten();
            var (start, count) = groups[group];
            if (members.shape[0] > 0 && count > 0)
                found.index_copy_(0, members, Of(queries.index_select(0, members), keys.narrow(0, start, count)) + start);
        }
        return found.MoveToOuterDisposeScope();
    }
}

/// <summary>Keys that belong together.</summary>
/// <param name="Start">The first.</param>
/// <param name="Count">How many.</param>
internal readonly record struct KeyRange(long Start, long Count);

using static TorchSharp.torch;

namespace NeuralStyle.Matching;

/// <summary>Nearest neighbours by cosine, in blocks: the whole matrix of distances is never in memory.</summary>
internal static class NearestSearch
{
    private const long BlockElements = 1 << 22; // 16 MiB of similarities

    /// <summary>For each query the most similar key, and if asked for, for each key the most similar query.</summary>
    /// <param name="queries">P×d; unit vectors if keys search too, because similarities to different queries are then compared.</param>
    /// <param name="keys">K×d, unit vectors.</param>
    /// <param name="backward">Whether keys search too.</param>
    /// <returns>P int64 values from 0 to K−1, and K from 0 to P−1 or null.</returns>
    public static (Tensor Keys, Tensor? Queries) Of(Tensor queries, Tensor keys, bool backward = false)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        var count = queries.shape[0];
        var found = empty([count], ScalarType.Int64, queries.device);
        var best = backward ? full([keys.shape[0]], double.NegativeInfinity, queries.dtype, queries.device) : null;
        var at = backward ? zeros([keys.shape[0]], ScalarType.Int64, queries.device) : null;
        var block = Math.Max(1, BlockElements / keys.shape[0]);
        using var transposed = keys.t();
        for (var start = 0L; start < count; start += block)
        {
            using var step = NewDisposeScope();
            var rows = Math.Min(block, count - start);
            var similar = queries.narrow(0, start, rows).mm(transposed);
            found.narrow(0, start, rows).copy_(similar.argmax(1));
            if (best is null || at is null) continue;
            var (values, indices) = similar.max(0);
            var better = values.gt(best);
            at.copy_(where(better, indices + start, at));
            best.copy_(where(better, values, best));
        }
        return (found.MoveToOuterDisposeScope(), at?.MoveToOuterDisposeScope());
    }

    /// <summary>The same where each query belongs to a group, finds only keys of it, and is found only by them.</summary>
    /// <param name="queries">P×d.</param>
    /// <param name="keys">K×d, unit vectors, those of a group side by side.</param>
    /// <param name="groups">The range of keys of each group.</param>
    /// <param name="groupOf">P int64 values, the group of each query; null if there is one.</param>
    /// <param name="backward">Whether keys search too; one of a group without queries finds query 0.</param>
    public static (Tensor Keys, Tensor? Queries) InGroups(Tensor queries, Tensor keys, IReadOnlyList<KeyRange> groups, Tensor? groupOf,
        bool backward = false)
    {
        if (groupOf is null) return Of(queries, keys, backward);
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        var found = zeros([queries.shape[0]], ScalarType.Int64, queries.device);
        var at = backward ? zeros([keys.shape[0]], ScalarType.Int64, queries.device) : null;
        for (var group = 0; group < groups.Count; group++)
        {
            using var step = NewDisposeScope();
            var members = groupOf.eq(group).nonzero().flatten();
            var (start, count) = groups[group];
            if (members.shape[0] == 0 || count == 0) continue;
            var (ofQueries, ofKeys) = Of(queries.index_select(0, members), keys.narrow(0, start, count), backward);
            found.index_copy_(0, members, ofQueries + start);
            if (ofKeys is not null) at?.narrow(0, start, count).copy_(members.index_select(0, ofKeys));
        }
        return (found.MoveToOuterDisposeScope(), at?.MoveToOuterDisposeScope());
    }
}

/// <summary>Keys that belong together.</summary>
/// <param name="Start">The first.</param>
/// <param name="Count">How many.</param>
internal readonly record struct KeyRange(long Start, long Count);

using NeuralStyle.Vgg;

namespace NeuralStyle.Evaluation;

/// <summary>
/// What an objective takes from the style pictures at one scale: it is the same for every picture in these styles, of a film or a batch.
/// </summary>
/// <param name="Terms">The style terms.</param>
/// <param name="Squares">See <see cref="ObjectiveBuilder.StyleSquares"/>; 1 for content losses that are not relative.</param>
internal sealed record StyleTargets(IReadOnlyList<StyleTerm> Terms, IReadOnlyDictionary<VggLayer, double> Squares) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var term in Terms)
        {
            term.Target.Dispose();
            term.Mask?.Dispose();
        }
    }
}

/// <summary>Style targets by what distinguishes the scales they are for, computed once for many pictures.</summary>
internal sealed class SharedTargets : IDisposable
{
    private readonly Dictionary<string, StyleTargets> _all = [];

    /// <summary>The targets for a scale.</summary>
    /// <param name="scale">A text that only scales with the same targets have in common.</param>
    /// <param name="compute">Computes those that are not known.</param>
    public StyleTargets For(string scale, Func<StyleTargets> compute) =>
        _all.TryGetValue(scale, out var known) ? known : _all[scale] = compute();

    /// <summary>Forgets all, where the styles change.</summary>
    public void Clear()
    {
        foreach (var targets in _all.Values) targets.Dispose();
        _all.Clear();
    }

    /// <inheritdoc/>
    public void Dispose() => Clear();
}

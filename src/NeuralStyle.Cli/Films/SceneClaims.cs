using NeuralStyle.Cli.Batch.Claims;

namespace NeuralStyle.Cli.Films;

/// <summary>
/// Which scenes this process paints. Several processes, on one machine or on several that share a folder, take scenes of one film; each is
/// painted by one of them, by the claims of <c>nst batch</c>.
/// </summary>
internal sealed class SceneClaims(FrameStore store, ClaimWatch watch) : IDisposable
{
    private static readonly TimeSpan s_between = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<int, Claim> _held = [];

    /// <summary>Takes a scene; true also if this process has it already, false if it is done or another process has it.</summary>
    public bool TryTake(Scene scene)
    {
        lock (_gate)
        {
            if (_held.ContainsKey(scene.First)) return true;
            if (store.IsDone(scene) || store.TryClaim($"scene_{scene.First:000000}", watch) is not { } claim) return false;
            if (!store.IsDone(scene) && !store.IsOver) // now nobody else changes it
            {
                _held[scene.First] = claim;
                return true;
            }
            claim.Dispose();
            return false;
        }
    }

    /// <summary>Whether a scene is still this process's: one that was suspended for long may have been taken for dead.</summary>
    public bool Has(Scene scene)
    {
        lock (_gate) return _held.TryGetValue(scene.First, out var claim) && claim.Stands;
    }

    /// <summary>Gives a scene back, because it is done or lost.</summary>
    public void End(Scene scene)
    {
        lock (_gate)
        {
            if (_held.Remove(scene.First, out var claim)) claim.Dispose();
        }
    }

    /// <summary>Waits for scenes that others have.</summary>
    /// <param name="plan">All scenes.</param>
    /// <param name="waits">Told once, with the number of scenes, if it has to wait.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>True when one has become free, and is taken; false when all are painted.</returns>
    /// <exception cref="OperationCanceledException">Asked for.</exception>
    public bool WaitForWork(FilmPlan plan, Action<int> waits, CancellationToken cancellation)
    {
        for (var told = false; !store.IsOver; told = true)
        {
            var open = plan.Scenes.Where(scene => !store.IsDone(scene)).ToArray();
            if (open.Length == 0) return false;
            if (open.Any(TryTake)) return true;
            if (!told) waits(open.Length);
            cancellation.WaitHandle.WaitOne(s_between);
            cancellation.ThrowIfCancellationRequested();
        }
        return false;
    }

    public void Dispose()
    {
        lock (_gate)
        {
            foreach (var claim in _held.Values) claim.Dispose();
            _held.Clear();
        }
    }
}

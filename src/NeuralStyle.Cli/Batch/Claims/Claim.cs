namespace NeuralStyle.Cli.Batch.Claims;

/// <summary>The right to make one output, held until it is disposed of; a heartbeat shows the others that its owner lives.</summary>
internal sealed class Claim : IDisposable
{
    private readonly string _output;
    private readonly int _generation;
    private readonly Timer _heart;
    private long _beats;

    private Claim(string output, int generation, TimeSpan interval)
    {
        _output = output;
        _generation = generation;
        _heart = new Timer(_ => Beat(), null, interval, interval);
    }

    private string Path => ClaimFile.PathOf(_output, _generation);

    /// <summary>Claims an output; null when another process has it.</summary>
    /// <param name="output">The output's path; its folder exists.</param>
    /// <param name="watch">Tells claims of the dead.</param>
    public static Claim? TryTake(string output, ClaimWatch watch)
    {
        for (var generation = 0; ; generation++)
        {
            var path = ClaimFile.PathOf(output, generation);
            var overridden = File.Exists(ClaimFile.PathOf(output, generation + 1));
            if (!File.Exists(path) && ClaimFile.TryCreate(path))
            {
                if (!File.Exists(ClaimFile.PathOf(output, generation + 1))) return new Claim(output, generation, watch.HeartbeatInterval);
                File.Delete(path); // a later claim stands above the gap that an earlier one left
                continue;
            }
            if (overridden) continue;
            if (ClaimFile.TryRead(path) is not { } text || !watch.IsDead(path, text)) return null;
        }
    }

    /// <summary>Whether the claim still stands: a process that slept for long may have been taken for dead.</summary>
    public bool Stands => ClaimFile.IsMine(Path) && !File.Exists(ClaimFile.PathOf(_output, _generation + 1));

    /// <summary>Releases the claim, and those of the dead below it.</summary>
    public void Dispose()
    {
        using (var stopped = new ManualResetEvent(false))
        {
            if (_heart.Dispose(stopped)) stopped.WaitOne(); // no beat may come after the release
        }
        if (!Stands) return;
        for (var generation = _generation; generation >= 0; generation--) File.Delete(ClaimFile.PathOf(_output, generation));
    }

    private void Beat()
    {
        try
        {
            ClaimFile.TryBeat(Path, Interlocked.Increment(ref _beats));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // the file system is away for a moment: the next beat tries again
        }
    }
}

namespace NeuralStyle.Cli.Batch.Claims;

/// <summary>The right to make one output, held until disposed; a heartbeat shows other processes that its owner is alive.</summary>
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

    /// <summary>Claims an output; null if another process has it.</summary>
    /// <param name="output">The output's path; its folder exists.</param>
    /// <param name="watch">Detects claims of dead owners.</param>
    public static Claim? TryTake(string output, ClaimWatch watch)
    {
        for (var generation = 0; ; generation++)
        {
            var path = ClaimFile.PathOf(output, generation);
            var overridden = File.Exists(ClaimFile.PathOf(output, generation + 1));
            if (!File.Exists(path) && ClaimFile.TryCreate(path))
            {
                if (!File.Exists(ClaimFile.PathOf(output, generation + 1))) return new Claim(output, generation, watch.HeartbeatInterval);
                File.Delete(path); // a claim of a later generation may exist above a gap
                continue;
            }
            if (overridden) continue;
            if (ClaimFile.TryRead(path) is not { } text || !watch.IsDead(path, text)) return null;
        }
    }

    /// <summary>Whether the claim is still valid: a process that was suspended for long may have been taken for dead.</summary>
    public bool Stands => ClaimFile.IsMine(Path) && !File.Exists(ClaimFile.PathOf(_output, _generation + 1));

    /// <summary>Releases the claim, and the overridden ones below it.</summary>
    public void Dispose()
    {
        using (var stopped = new ManualResetEvent(false))
        {
            if (_heart.Dispose(stopped)) stopped.WaitOne(); // no heartbeat may come after the release
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
            // the file system is temporarily unavailable: the next heartbeat tries again
        }
    }
}

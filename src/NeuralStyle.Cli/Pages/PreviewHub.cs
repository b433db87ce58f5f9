using NeuralStyle.Cli.Jobs;

namespace NeuralStyle.Cli.Pages;

/// <summary>A finished picture of a batch.</summary>
/// <param name="Name">Below the output folder.</param>
/// <param name="Kind">Its outcome.</param>
/// <param name="Reason">Why it failed.</param>
/// <param name="Path">The file; null without a result.</param>
internal sealed record FinishedPicture(string Name, string Kind, string? Reason, string? Path);

/// <summary>
/// Connects the runs and the page: runs report to it, the page queries it and sends commands. Thread-safe.
/// </summary>
/// <param name="stop">Ends everything, like Ctrl-C.</param>
/// <param name="stopped">Cancelled when everything should end, for any reason.</param>
internal sealed class PreviewHub(Action stop, CancellationToken stopped)
{
    private const int MostFinished = 24; // shown; all are counted

    private readonly Lock _gate = new();
    private readonly ManualResetEventSlim _going = new(initialState: true);
    private readonly List<FinishedPicture> _finished = [];
    private readonly ChangeSignal _change = new();
    private int _watchers, _runs;

    /// <summary>Number of open pages.</summary>
    public int Watchers => Volatile.Read(ref _watchers);

    /// <summary>The run that is shown: the one started last; null before the first.</summary>
    public PreviewRun? Current { get; private set; }

    /// <summary>Whether the runs are paused.</summary>
    public bool Paused => !_going.IsSet;

    /// <summary>How the command ended; null while it is running.</summary>
    public string? End { get; private set; }

    /// <summary>Pictures of the batch; 0 outside one.</summary>
    public int Total { get; set; }

    /// <summary>Numbers of finished and of failed pictures of the batch.</summary>
    public (int Done, int Failed) Counts { get; private set; }

    /// <summary>The last finished pictures of the batch, the latest first.</summary>
    public IReadOnlyList<FinishedPicture> Finished
    {
        get
        {
            lock (_gate) return _finished.ToArray();
        }
    }

    /// <summary>Starts a run; returns its observer.</summary>
    /// <param name="job">What is made.</param>
    /// <param name="open">Gives an input of the job by its name.</param>
    /// <param name="save">Writes a picture to a file.</param>
    /// <param name="film">The losses of the frames of a film; null for a picture.</param>
    public PreviewRun Begin(StyleJob job, Func<string, Imaging.Picture> open, Action<TorchSharp.torch.Tensor, string> save,
        FrameHistory? film = null)
    {
        lock (_gate)
        {
            Current?.Forget();
            Current = new PreviewRun(this, ++_runs, job, open, save) { Film = film };
        }
        Changed();
        return Current;
    }

    /// <summary>Adds a finished picture of the batch.</summary>
    public void Add(Outcome outcome, string path)
    {
        lock (_gate)
        {
            Counts = (Counts.Done + 1, Counts.Failed + (outcome.Kind == OutcomeKind.Failed ? 1 : 0));
            _finished.Insert(0,
                new FinishedPicture(outcome.Item.Name, outcome.Word, outcome.Reason, outcome.Kind == OutcomeKind.Failed ? null : path));
            if (_finished.Count > MostFinished) _finished.RemoveAt(MostFinished);
        }
        Changed();
    }

    /// <summary>Ends everything.</summary>
    public void Finish(string how)
    {
        End = how;
        Changed();
    }

    public void Pause()
    {
        _going.Reset();
        Changed();
    }

    public void GoOn()
    {
        _going.Set();
        Changed();
    }

    public void Stop()
    {
        stop();
        GoOn();
    }

    /// <summary>Returns at once, or after a pause, or when everything should end.</summary>
    public void WaitWhilePaused()
    {
        try
        {
            _going.Wait(stopped);
        }
        catch (OperationCanceledException)
        {
            // the calling loop sees it too
        }
    }

    /// <summary>Registers an open page until the returned object is disposed.</summary>
    public IDisposable Watch()
    {
        Interlocked.Increment(ref _watchers);
        return new Watcher(this);
    }

    /// <summary>Completes at the next change.</summary>
    public Task NextChange() => _change.Next;

    /// <summary>Completes the task of those who wait for a change.</summary>
    public void Changed() => _change.Raise();

    private sealed class Watcher(PreviewHub hub) : IDisposable
    {
        public void Dispose() => Interlocked.Decrement(ref hub._watchers);
    }
}

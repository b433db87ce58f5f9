using System.Diagnostics;
using System.Text.Json;
using NeuralStyle.Cli.Jobs;
using NeuralStyle.Cli.Running;
using NeuralStyle.Runs.Checkpoints;
using NeuralStyle.Runtime.Files;

namespace NeuralStyle.Cli.Studio;

/// <summary>
/// Paints wishes at full size, one after the other, on a thread of its own. The queue is kept in a file: after a restart or a kill it goes
/// on, and a run continues from its checkpoint.
/// </summary>
internal sealed class PaintQueue : IDisposable
{
    private const string FileName = ".nst-studio.json";
    private const int MostItems = 200, MostEnded = 30;

    private readonly Studio _studio;
    private readonly Lock _gate = new();
    private readonly List<QueueItem> _items;
    private readonly AutoResetEvent _work = new(initialState: false);
    private readonly Thread _thread;
    private CancellationTokenSource _end = new();
    private volatile bool _ending;

    /// <summary>Reads the queue of the folder and goes on with it.</summary>
    /// <exception cref="InvalidInputException">The file of the queue is damaged.</exception>
    public PaintQueue(Studio studio)
    {
        _studio = studio;
        _items = Read();
        foreach (var item in _items.Where(item => item.State == WorkState.Painting)) item.State = WorkState.Waiting;
        _thread = new Thread(Run) { Name = "queue", IsBackground = true };
        _thread.Start();
    }

    /// <summary>All items: those to do in their order, with those that ended.</summary>
    public IReadOnlyList<QueueItem> Items
    {
        get
        {
            lock (_gate) return _items.ToArray();
        }
    }

    /// <summary>Adds a picture.</summary>
    /// <exception cref="InvalidInputException">It cannot be painted, or the queue is full.</exception>
    public QueueItem Add(Wish wish)
    {
        lock (_gate)
        {
            if (_items.Count >= MostItems) throw new InvalidInputException($"the queue has {MostItems} pictures; remove some");
            var output = NameFor(wish);
            _ = _studio.Binder.Bind(wish, output, resume: false);
            var item = new QueueItem { Id = _items.Select(item => item.Id).DefaultIfEmpty().Max() + 1, Wish = wish, Output = output };
            _items.Add(item);
            Save();
            return item;
        }
    }

    /// <summary>The name that a result would have: no file has it, and no picture of the queue.</summary>
    public string NameFor(Wish wish)
    {
        lock (_gate)
            return _studio.Folder.FreeResult(wish.Content, wish.Styles, ".png", name => _items.Exists(item => item.Output == name));
    }

    /// <summary>Ends a run; its checkpoint stays. Or keeps a waiting picture from being painted.</summary>
    /// <param name="id">The item.</param>
    /// <param name="keep">Whether to write the picture so far.</param>
    public void Pause(int id, bool keep) => Change(id, item =>
    {
        if (item.State == WorkState.Waiting) item.State = WorkState.Paused;
        if (item.State != WorkState.Painting) return;
        item.Then = keep ? WorkState.Stopped : WorkState.Paused;
        _end.Cancel();
    });

    /// <summary>Puts a paused, stopped or failed picture back into the queue.</summary>
    public void GoOn(int id) => Change(id, item =>
    {
        if (item.State is WorkState.Paused or WorkState.Stopped or WorkState.Failed) (item.State, item.Error) = (WorkState.Waiting, null);
    });

    /// <summary>Removes an item and its checkpoint; a picture that was written stays.</summary>
    public void Remove(int id) => Change(id, item =>
    {
        if (item.State == WorkState.Painting)
        {
            item.Then = WorkState.Failed; // leaves the list when its run has ended
            _end.Cancel();
            return;
        }
        Forget(item);
    });

    /// <summary>Removes all that is done from the list; the pictures stay.</summary>
    public void RemoveDone()
    {
        lock (_gate)
        {
            _items.RemoveAll(item => item.State == WorkState.Done);
            Save();
        }
    }

    /// <summary>Moves an item to the front of those that wait.</summary>
    public void First(int id) => Change(id, item =>
    {
        _items.Remove(item);
        _items.Insert(Math.Max(0, _items.FindIndex(other => other.State == WorkState.Waiting)), item);
    });

    public void Dispose()
    {
        _ending = true;
        lock (_gate) _end.Cancel();
        _work.Set();
        _thread.Join();
        _work.Dispose();
        _end.Dispose();
    }

    private string FilePath => Path.Combine(_studio.Folder.Results, FileName);

    private void Change(int id, Action<QueueItem> change)
    {
        lock (_gate)
        {
            if (_items.Find(item => item.Id == id) is not { } found) return;
            change(found);
            Save();
        }
    }

    private void Run()
    {
        while (!_ending)
        {
            QueueItem? item;
            lock (_gate)
            {
                item = _items.Find(item => item.State == WorkState.Waiting);
                if (item is not null && !_ending) Begin(item);
            }
            if (item is null) _work.WaitOne();
            else if (!_ending) Paint(item);
        }
    }

    private void Begin(QueueItem item)
    {
        _end.Dispose();
        _end = new CancellationTokenSource();
        (item.State, item.Then) = (WorkState.Painting, WorkState.Waiting);
        item.Work = new Work(longSide: 1200, _studio.Changed.Raise) { Yield = WaitForTrials };
        Save();
    }

    /// <summary>A trial takes seconds, and someone waits for it.</summary>
    private void WaitForTrials()
    {
        try
        {
            _studio.Trials.WaitUntilIdle(_end.Token);
        }
        catch (OperationCanceledException)
        {
            // the loop of the run sees it too
        }
    }

    private void Paint(QueueItem item)
    {
        var clock = Stopwatch.StartNew();
        try
        {
            WaitForTrials();
            var made = Make(item);
            if (made.Path is { } path) (item.Output, item.Written) = ($"{StudioFolder.ResultsName}/{Path.GetFileName(path)}", true);
            End(item, made.Completed ? WorkState.Done : item.Then, null);
        }
        catch (OperationCanceledException) when (_end.IsCancellationRequested) // while files were opened
        {
            End(item, item.Then, null);
        }
        catch (Exception failure) // whatever it is, the others go on
        {
            End(item, WorkState.Failed, ErrorLine.Of(failure));
        }

        void End(QueueItem item, WorkState state, string? error)
        {
            lock (_gate)
            {
                (item.State, item.Error, item.Work) = (state, error, null);
                item.Seconds = (item.Seconds ?? 0) + clock.Elapsed.TotalSeconds;
                if (item is { Then: WorkState.Failed, State: not WorkState.Done }) Forget(item);
                foreach (var old in _items.Where(item => item.State == WorkState.Done).SkipLast(MostEnded).ToArray()) _items.Remove(old);
                Save();
            }
        }
    }

    private MadePicture Make(QueueItem item)
    {
        // what is there under the name is replaced only if it is this run's own, stopped early
        var job = _studio.Binder.Bind(item.Wish, item.Output, resume: item.Begun) with { MustBeNew = !item.Written };
        JobChecks.Check(job);
        AtomicFile.RemoveLeftovers(Path.Combine(_studio.Folder.Root, item.Output));
        lock (_gate)
        {
            item.Begun = true;
            Save();
        }
        using var inputs = new JobInputs(job, cancellation: _end.Token);
        try
        {
            return Once();
        }
        catch (RefusedCheckpointException)
        {
            File.Delete(job.Checkpoint!.Path); // an input was changed, or it is damaged: as a batch does, start again
            return Once();
        }

        MadePicture Once() => PictureMaker.Make(job, inputs, _studio.Machine.Weights, _studio.Machine.Device, item.Work, _end.Token,
            result => result.Completed || item.Then == WorkState.Stopped);
    }

    private void Forget(QueueItem item)
    {
        _items.Remove(item);
        File.Delete(Path.Combine(_studio.Folder.Root, item.Output + CheckpointSettings.Extension));
    }

    private List<QueueItem> Read()
    {
        if (!File.Exists(FilePath)) return [];
        try
        {
            return JsonSerializer.Deserialize<List<QueueItem>>(File.ReadAllText(FilePath), Wish.Json) ?? [];
        }
        catch (Exception failure) when (failure is JsonException or IOException)
        {
            throw new InvalidInputException($"'{FilePath}', the queue of nst studio, cannot be read: {failure.Message} Remove it", failure);
        }
    }

    private void Save()
    {
        AtomicFile.Write(FilePath, temporary => File.WriteAllText(temporary, JsonSerializer.Serialize(_items, Wish.Json)));
        _work.Set();
        _studio.Changed.Raise();
    }
}

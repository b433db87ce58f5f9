using System.Diagnostics;
using NeuralStyle.Cli.Jobs;
using NeuralStyle.Cli.Pages;
using NeuralStyle.Cli.Running;
using NeuralStyle.Imaging;

namespace NeuralStyle.Cli.Studio;

/// <summary>
/// Makes trials and grids of trials, each on a thread of its own. A new trial of a page ends its earlier one. Someone waits for a trial:
/// while there is one, grids pause after their iteration, and so does the queue while there is either.
/// </summary>
internal sealed class TrialDesk : IDisposable
{
    private const int MostPages = 16, MostCells = 16, SmallestSize = 64, LargestSize = 320;

    private readonly Studio _studio;
    private readonly Lock _gate = new();
    private readonly List<Trial> _trials = []; // the oldest first
    private readonly Dictionary<string, (string Subject, string Path)> _last = []; // by page: what a trial continues from
    private readonly string _folder = Directory.CreateTempSubdirectory("nst-studio-").FullName;
    private readonly Bench[] _benches;
    private int _ids;
    private volatile bool _ending;

    public TrialDesk(Studio studio)
    {
        _studio = studio;
        _benches = [new(this, isGrid: false), new(this, isGrid: true)];
    }

    /// <summary>Waits until nothing is to be tried.</summary>
    /// <exception cref="OperationCanceledException">Asked for.</exception>
    public void WaitUntilIdle(CancellationToken cancellation)
    {
        foreach (var bench in _benches) bench.Idle.Wait(cancellation);
    }

    /// <summary>Adds a trial, or a grid of them.</summary>
    /// <param name="page">The page that asks.</param>
    /// <param name="wishes">One wish, or one for each picture of a grid.</param>
    /// <param name="isGrid">Whether several are compared.</param>
    /// <param name="size">Long side in pixels.</param>
    /// <param name="fresh">Whether to start from the content.</param>
    /// <exception cref="InvalidInputException">A wish cannot be fulfilled.</exception>
    public Trial Add(string page, IReadOnlyList<Wish> wishes, bool isGrid, int size, bool fresh)
    {
        if (page.Length is < 8 or > 64 || !page.All(char.IsAsciiLetterOrDigit)) throw new InvalidInputException("this is no page of nst");
        if (wishes.Count is 0 or > MostCells) throw new InvalidInputException($"a grid has 1 to {MostCells} pictures");
        if (size is < SmallestSize or > LargestSize)
            throw new InvalidInputException($"the size of a trial is {size}; expected {SmallestSize} to {LargestSize}");
        foreach (var wish in wishes) _ = _studio.Binder.BindTrial(wish, size, "trial.png", start: null); // before anything is ended
        var trial = new Trial(Interlocked.Increment(ref _ids), page, isGrid, size, [.. wishes.Select(wish => new TrialCell(wish,
            new Work(LargestSize, _studio.Changed.Raise) { Yield = isGrid ? () => _benches[0].Idle.Wait() : () => { } }))], fresh);
        lock (_gate)
        {
            Remove(earlier => earlier.Page == page && earlier.IsGrid == isGrid);
            while (_trials.Select(earlier => earlier.Page).Distinct().Count() >= MostPages)
            {
                var oldest = _trials[0].Page;
                Remove(earlier => earlier.Page == oldest);
            }
            _trials.Add(trial);
            _benches[isGrid ? 1 : 0].Wake();
        }
        _studio.Changed.Raise();
        return trial;
    }

    /// <summary>Ends a page's trial or grid.</summary>
    public void Cancel(string? page, bool isGrid)
    {
        if (Of(page, isGrid) is { } trial) trial.Cancel();
        _studio.Changed.Raise();
    }

    /// <summary>A page's trial or grid.</summary>
    public Trial? Of(string? page, bool isGrid)
    {
        lock (_gate) return _trials.Find(trial => trial.Page == page && trial.IsGrid == isGrid);
    }

    public void Dispose()
    {
        _ending = true;
        lock (_gate) Remove(_ => true);
        foreach (var bench in _benches) bench.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private void Remove(Predicate<Trial> which)
    {
        foreach (var trial in _trials.FindAll(which)) trial.Cancel();
        _trials.RemoveAll(which);
    }

    private (Trial Trial, TrialCell Cell)? Next(Bench bench)
    {
        lock (_gate)
        {
            foreach (var trial in _trials.Where(trial => trial.IsGrid == bench.IsGrid))
            {
                if (trial.Cells.FirstOrDefault(cell => cell.State == WorkState.Waiting) is { } cell) return (trial, cell);
            }
            bench.Idle.Set();
            return null;
        }
    }

    private void Make(Trial trial, TrialCell cell)
    {
        var clock = Stopwatch.StartNew();
        try
        {
            cell.State = WorkState.Painting;
            var from = trial is { IsGrid: false, Fresh: false } && _last.TryGetValue(trial.Page, out var last)
                && last.Subject == cell.Wish.Subject ? last.Path : null;
            // another name each time: the earlier one is still read
            var output = Path.Combine(_folder, $"{trial.Id}-{trial.Cells.ToList().IndexOf(cell)}.png");
            var job = _studio.Binder.BindTrial(cell.Wish, trial.Size, output, from);
            using var inputs = new JobInputs(job, cancellation: trial.Cancellation);
            var made = PictureMaker.Make(job, inputs, _studio.Machine.Weights, _studio.Machine.Device, cell.Work, trial.Cancellation);
            if (made.Written)
            {
                using var picture = Picture.Load(output);
                cell.Work.Show(EncodedPicture.Of(picture, LargestSize, quality: 92).Bytes);
                if (trial.IsGrid) File.Delete(output);
                else Remember(trial, cell, output);
            }
            if (cell.State == WorkState.Painting) cell.State = made.Completed ? WorkState.Done : WorkState.Stopped;
        }
        catch (OperationCanceledException)
        {
            cell.State = WorkState.Stopped;
        }
        catch (Exception failure) // whatever it is, the studio goes on
        {
            (cell.Error, cell.State) = (ErrorLine.Of(failure), WorkState.Failed);
        }
        cell.Seconds = clock.Elapsed.TotalSeconds;
        _studio.Changed.Raise();
    }

    /// <summary>A thread that makes trials, or grids.</summary>
    private sealed class Bench : IDisposable
    {
        private readonly AutoResetEvent _work = new(initialState: false);
        private readonly Thread _thread;

        public Bench(TrialDesk desk, bool isGrid)
        {
            IsGrid = isGrid;
            _thread = new Thread(() =>
            {
                while (!desk._ending)
                {
                    if (desk.Next(this) is not var (trial, cell)) _work.WaitOne();
                    else desk.Make(trial, cell);
                }
                Idle.Set(); // for those who wait for it to go on, and end too
            }) { Name = isGrid ? "grids" : "trials", IsBackground = true };
            _thread.Start();
        }

        public bool IsGrid { get; }

        /// <summary>Set while there is nothing to do.</summary>
        public ManualResetEventSlim Idle { get; } = new(initialState: true);

        public void Wake()
        {
            Idle.Reset();
            _work.Set();
        }

        public void Dispose()
        {
            _work.Set();
            _thread.Join();
            _work.Dispose();
        }
    }

    private void Remember(Trial trial, TrialCell cell, string output)
    {
        if (_last.TryGetValue(trial.Page, out var before)) File.Delete(before.Path);
        if (_last.Count > MostPages)
        {
            foreach (var (_, path) in _last.Values) File.Delete(path);
            _last.Clear();
        }
        _last[trial.Page] = (cell.Wish.Subject, output);
    }
}

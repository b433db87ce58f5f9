using System.Text.Json;
using System.Text.Json.Nodes;
using NeuralStyle.Cli.Batch.Claims;
using NeuralStyle.Runs;
using NeuralStyle.Runtime.Files;

namespace NeuralStyle.Cli.Films;

/// <summary>
/// How the frames of a folder are made: everything that decides them, the scenes, and the memory that the first process had, so that
/// others and later ones compute in the same tiles. One process at a time opens it; the others wait until it has found the scenes.
/// </summary>
internal sealed class FilmState : IDisposable
{
    /// <summary>The file beside the frames.</summary>
    public const string Name = ".nst-film.json";

    private const int MostDifferences = 3; // that a message names

    private static readonly TimeSpan s_between = TimeSpan.FromMilliseconds(200);

    private readonly FrameStore _store;
    private readonly JsonObject _record;
    private readonly Claim _opening;

    private FilmState(FrameStore store, JsonObject record, Claim opening) => (_store, _record, _opening) = (store, record, opening);

    /// <summary>The scenes; null if they are still to be found.</summary>
    public FilmPlan? Plan { get; private set; }

    /// <summary>The memory budget in bytes; null if none was chosen.</summary>
    public long? Budget { get; private set; }

    /// <summary>Opens the folder, or creates it. Until it is disposed of, no other process opens it.</summary>
    /// <param name="job">The film.</param>
    /// <param name="store">The folder.</param>
    /// <param name="record">Everything that decides the frames.</param>
    /// <param name="watch">Detects claims of dead owners.</param>
    /// <param name="tell">Told where the film continues.</param>
    /// <param name="cancellation">Ends the wait for another process.</param>
    /// <exception cref="InvalidInputException">The folder holds something else, or frames that were made in another way.</exception>
    public static FilmState Open(FilmJob job, FrameStore store, JsonObject record, ClaimWatch watch, Action<string> tell,
        CancellationToken cancellation)
    {
        Claim? opening = null;
        for (var waits = false; opening is null; waits = true)
        {
            cancellation.ThrowIfCancellationRequested();
            if (waits) cancellation.WaitHandle.WaitOne(s_between);
            store.Create();
            opening = store.TryClaim("opening", watch);
        }
        var state = new FilmState(store, record, opening);
        try
        {
            state.Meet(job, watch, tell);
            state.Save();
            return state;
        }
        catch
        {
            state.Dispose();
            throw;
        }
    }

    /// <summary>Keeps what was found.</summary>
    public void Keep(FilmPlan plan, long? budget)
    {
        (Plan, Budget) = (plan, budget);
        Save();
    }

    public void Dispose() => _opening.Dispose();

    /// <summary>Where two records differ: name, earlier and new value.</summary>
    private static IEnumerable<string> Differences(JsonNode? earlier, JsonNode? now, string name = "")
    {
        if (earlier is JsonObject one && now is JsonObject other)
        {
            return one.Select(field => field.Key).Union(other.Select(field => field.Key))
                .SelectMany(key => Differences(one[key], other[key], key));
        }
        return JsonNode.DeepEquals(earlier, now) ? [] : [$"{name} was {Text(earlier)} and is {Text(now)}"];

        static string Text(JsonNode? node) => node?.ToJsonString(RunRecord.Json) ?? "nothing";
    }

    /// <summary>Frames of an earlier command may be there, or another process may be at work.</summary>
    private void Meet(FilmJob job, ClaimWatch watch, Action<string> tell)
    {
        var (done, atWork) = (_store.Count(), _store.IsAtWork(watch));
        if (atWork && !job.Resume)
            throw new InvalidInputException($"another nst paints this film, in '{_store.Folder}'; --resume joins it");
        if (done > 0 && job is { Resume: false, Restart: false })
            throw new InvalidInputException($"'{_store.Folder}' holds {done} painted frame{(done == 1 ? "" : "s")} of this film"
                + $"{_store.Counting}; --resume continues after them, --restart discards them");
        var none = done == 0 && !atWork;
        var earlier = job.Resume && !_store.IsOver ? Read() : null; // also of a process that begins right now
        var differences = earlier is null ? [] : Differences(earlier["record"], _record).ToArray();
        if (job.Resume && none) tell($"there are no frames in '{_store.Folder}' to continue from; starting at the beginning");
        if (earlier is null || (none && differences.Length > 0))
        {
            if (!_store.IsOver) _store.Clear();
            return;
        }
        if (differences.Length > 0)
            throw new InvalidInputException($"the frames in '{_store.Folder}' were made in another way: "
                + $"{string.Join("; ", differences.Take(MostDifferences))}{(differences.Length > MostDifferences ? "; and more" : "")}. "
                + "Give the same options, or --restart to discard the frames");
        Budget = earlier["budget"]?.GetValue<long>();
        if (earlier["frames"]?.GetValue<int>() is { } frames)
            Plan = new FilmPlan(frames, earlier["scenes"]!.AsArray().Select(first => first!.GetValue<int>()).ToArray());
        var of = Plan is null ? "" : $" of {Plan.Frames * job.Film.Passes}";
        var painted = $"{done}{of} frames are painted{_store.Counting}";
        if (!none) tell($"continuing: {painted}{(atWork ? ", and another nst is at work" : "")}");
    }

    private JsonNode Read()
    {
        try
        {
            return JsonNode.Parse(File.ReadAllText(_store.StatePath))!;
        }
        catch (Exception failure) when (failure is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException(
                $"'{_store.StatePath}' cannot be read: {failure.Message.TrimEnd('.')}; --restart paints all frames again", failure);
        }
    }

    private void Save()
    {
        var state = new JsonObject { ["record"] = _record.DeepClone(), ["budget"] = Budget };
        if (Plan is { } plan)
        {
            state["frames"] = plan.Frames;
            state["scenes"] = new JsonArray(plan.Firsts.Select(first => (JsonNode)first).ToArray());
        }
        AtomicFile.Write(_store.StatePath, path => File.WriteAllText(path, state.ToJsonString(RunRecord.Json)));
    }
}

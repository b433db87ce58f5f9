using NeuralStyle.Runtime.Files;

namespace NeuralStyle.Cli.Jobs;

/// <summary>
/// Every file that a command reads and writes. The one place that sees to it that no input is overwritten, and no result by another one,
/// by whatever path: asked by every command before any work.
/// </summary>
/// <param name="remedy">What to do, for messages.</param>
internal sealed class FileUses(string remedy = "choose another name, so that nothing is lost")
{
    private enum Way
    {
        Replaced, // by a rename
        Appended, // links are followed
        Kept, // a file of the program's own beside a result
    }

    private sealed record Input(string What, string Path);

    private sealed record Result(string What, string Path, Way Way);

    private readonly List<Input> _inputs = [];
    private readonly List<Result> _results = [];
    private bool _intermediates;

    /// <summary>A file that is read, or a folder whose files are; null for none.</summary>
    public FileUses Reads(string what, string? path)
    {
        if (path is null or StandardPictures.Name) return this;
        if (Directory.Exists(path)) _inputs.AddRange(Directory.EnumerateFiles(path).Select(file => new Input(what, file)));
        else _inputs.Add(new Input(what, path));
        return this;
    }

    /// <summary>A file that is made, or replaced as a whole; null for none.</summary>
    public FileUses Writes(string what, string? path) => Add(what, path, Way.Replaced);

    /// <summary>A file that lines are added to; null for none.</summary>
    public FileUses Appends(string what, string? path) => Add(what, path, Way.Appended);

    /// <summary>A file of the program's own, which it makes and removes as it needs.</summary>
    public FileUses Keeps(string what, string path) => Add(what, path, Way.Kept);

    /// <summary>Says that pictures are saved on the way to each result, under names made from its name.</summary>
    public FileUses WritesIntermediates()
    {
        _intermediates = true;
        return this;
    }

    /// <summary>Fails where something would be lost.</summary>
    /// <exception cref="InvalidInputException">Names the result and what it would replace.</exception>
    public void Check()
    {
        var inputs = new Dictionary<string, Input>();
        foreach (var input in _inputs)
        {
            foreach (var key in (string[])[FileIdentity.Of(input.Path), .. Places(input.Path)]) inputs.TryAdd(key, input);
        }
        foreach (var result in _results)
        {
            if (KeysOf(result).Select(inputs.GetValueOrDefault).FirstOrDefault(input => input is not null) is { } input)
                throw new InvalidInputException($"{result.What} '{result.Path}' is also an input, {input.What} '{input.Path}'; {remedy}");
        }
        var places = RefuseCollisions();
        if (_intermediates) CheckIntermediates(places);
    }

    private FileUses Add(string what, string? path, Way way)
    {
        if (path is not (null or StandardPictures.Name)) _results.Add(new Result(what, path, way));
        return this;
    }

    /// <summary>A result is an input when it is that file, or when the input would be found under its name.</summary>
    private static IEnumerable<string> KeysOf(Result result) => result.Way == Way.Kept
        ? [FileIdentity.Place(result.Path)]
        : [FileIdentity.Of(result.Path), FileIdentity.Place(result.Path)];

    /// <summary>Where the name of an input stands, and where the file does that it leads to.</summary>
    private static IEnumerable<string> Places(string path) =>
        ((string[])[path, FileIdentity.Resolve(path)]).Distinct().Select(FileIdentity.Place);

    /// <summary>Case does not tell results apart: on some file systems they would be one file.</summary>
    private Dictionary<string, Result> RefuseCollisions()
    {
        var places = new Dictionary<string, Result>(StringComparer.OrdinalIgnoreCase);
        foreach (var result in _results.Where(result => result.Way != Way.Kept))
        {
            if (!places.TryAdd(FileIdentity.Place(result.Path), result)) throw Collision(places[FileIdentity.Place(result.Path)], result);
        }
        var logs = new Dictionary<string, Result>();
        foreach (var log in _results.Where(result => result.Way == Way.Appended))
        {
            if (!logs.TryAdd(FileIdentity.Of(log.Path), log)) throw Collision(logs[FileIdentity.Of(log.Path)], log);
        }
        if (logs.Count > 0
            && _results.Find(result => result.Way == Way.Replaced && logs.ContainsKey(FileIdentity.Of(result.Path))) is { } replaced)
            throw Collision(replaced, logs[FileIdentity.Of(replaced.Path)]);
        return places;
    }

    private void CheckIntermediates(Dictionary<string, Result> places)
    {
        foreach (var (what, path) in _inputs.SelectMany(input => Names(input.What, input.Path))
            .Concat(_results.Where(result => result.Way != Way.Kept).SelectMany(result => Names(result.What, result.Path))))
        {
            if (IntermediateName.OutputOf(path) is { } output
                && places.TryGetValue(FileIdentity.Place(output), out var result)
                && result.Way == Way.Replaced)
                throw new InvalidInputException($"--save-every would write over {what} '{path}' on the way to '{result.Path}'; {remedy}");
        }

        static IEnumerable<(string What, string Path)> Names(string what, string path) =>
            ((string[])[path, FileIdentity.Resolve(path)]).Distinct().Select(name => (what, name));
    }

    private InvalidInputException Collision(Result one, Result other) => one.What == other.What
        ? new($"{one.What} '{other.Path}' would be written twice; {remedy}")
        : new($"{one.What} '{one.Path}' and {other.What} '{other.Path}' are one file; {remedy}");
}

using NeuralStyle.Runtime.Files;

namespace NeuralStyle.Cli.Jobs;

/// <summary>
/// All files that a command reads and writes. The only place that ensures that no input is overwritten, and no result by another one,
/// by any path; every command uses it before its work.
/// </summary>
/// <param name="remedy">The advice in messages.</param>
internal sealed class FileUses(string remedy = "choose another name, so that nothing is lost")
{
    private enum Way
    {
        Replaced, // by a rename
        Appended, // links are followed
        Kept, // a file of the program next to a result
    }

    private sealed record Input(string What, string Path);

    private sealed record Result(string What, string Path, Way Way);

    private readonly List<Input> _inputs = [];
    private readonly List<Result> _results = [];
    private bool _intermediates;

    /// <summary>Adds an input file, or a folder of input files; null for none.</summary>
    public FileUses Reads(string what, string? path)
    {
        if (path is null or StandardPictures.Name) return this;
        if (Directory.Exists(path)) _inputs.AddRange(FolderList.Of(path, Directory.EnumerateFiles).Select(file => new Input(what, file)));
        else _inputs.Add(new Input(what, path));
        return this;
    }

    /// <summary>Adds a file that is created or replaced; null for none.</summary>
    public FileUses Writes(string what, string? path) => Add(what, path, Way.Replaced);

    /// <summary>Adds a file that is appended to; null for none.</summary>
    public FileUses Appends(string what, string? path) => Add(what, path, Way.Appended);

    /// <summary>Adds a file that the program itself creates and removes.</summary>
    public FileUses Keeps(string what, string path) => Add(what, path, Way.Kept);

    /// <summary>Adds the intermediate pictures of each result, whose names derive from the result's name.</summary>
    public FileUses WritesIntermediates()
    {
        _intermediates = true;
        return this;
    }

    /// <summary>Fails if something would be lost.</summary>
    /// <exception cref="InvalidInputException">A file would be lost; the message names the result and that file.</exception>
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

    /// <summary>A result is an input if it is that file, or if the input is found under its name.</summary>
    private static IEnumerable<string> KeysOf(Result result) => result.Way == Way.Kept
        ? [FileIdentity.Place(result.Path)]
        : [FileIdentity.Of(result.Path), FileIdentity.Place(result.Path)];

    /// <summary>The location of an input's name, and that of the file that it links to.</summary>
    private static IEnumerable<string> Places(string path) =>
        ((string[])[path, FileIdentity.Resolve(path)]).Distinct().Select(FileIdentity.Place);

    /// <summary>Results must differ by more than case: on some file systems they would be one file.</summary>
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
                throw new InvalidInputException(
                    $"--save-every would overwrite {what} '{path}' during the run for '{result.Path}'; {remedy}");
        }

        static IEnumerable<(string What, string Path)> Names(string what, string path) =>
            ((string[])[path, FileIdentity.Resolve(path)]).Distinct().Select(name => (what, name));
    }

    private InvalidInputException Collision(Result one, Result other) => one.What == other.What
        ? new($"{one.What} '{other.Path}' would be written twice; {remedy}")
        : new($"{one.What} '{one.Path}' and {other.What} '{other.Path}' are the same file; {remedy}");
}

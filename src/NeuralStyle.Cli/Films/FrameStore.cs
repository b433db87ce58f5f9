using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using NeuralStyle.Imaging;
using NeuralStyle.Runs;
using NeuralStyle.Runtime.Files;
using TorchSharp;

namespace NeuralStyle.Cli.Films;

/// <summary>
/// The folder of painted frames: each is written under a temporary name and renamed, so that every frame that is there is whole, and an
/// interrupted film continues after the last one. A file beside them says how they were made: frames of two commands are never mixed.
/// </summary>
internal sealed class FrameStore
{
    /// <summary>Added to the film's name.</summary>
    public const string Extension = ".nst-frames";

    private const string StateName = ".nst-film.json";
    private const int MostDifferences = 3; // that a message names

    private readonly JsonObject _record;
    private readonly SortedSet<int> _scenes = [];

    private FrameStore(string folder, JsonObject record) => (Folder, _record) = (folder, record);

    /// <summary>The folder.</summary>
    public string Folder { get; }

    /// <summary>Frames that are there: 1 to this.</summary>
    public int Done { get; private set; }

    /// <summary>The first frames of scenes, as far as known.</summary>
    public IReadOnlyCollection<int> Scenes => _scenes;

    /// <summary>The names of all frames, as a pattern of ffmpeg.</summary>
    public string Pattern => Path.Combine(Folder.Replace("%", "%%", StringComparison.Ordinal), "frame_%06d.png");

    /// <summary>Opens the folder, or creates it.</summary>
    /// <param name="job">The film.</param>
    /// <param name="record">Everything that decides the frames.</param>
    /// <param name="tell">Told where the film continues.</param>
    /// <exception cref="InvalidInputException">The folder holds something else, or frames that were made in another way.</exception>
    public static FrameStore Open(FilmJob job, JsonObject record, Action<string> tell)
    {
        var store = new FrameStore(job.FrameFolder, record);
        var state = Path.Combine(store.Folder, StateName);
        if (File.Exists(state)) store.Meet(job, state, tell);
        else
        {
            if (Directory.Exists(store.Folder) && Directory.EnumerateFileSystemEntries(store.Folder).Any())
                throw new InvalidInputException(
                    $"the folder '{store.Folder}' for the frames is not empty; choose another name, so that nothing is lost");
            if (job.Resume) tell($"there are no frames in '{store.Folder}' to continue from; starting at the beginning");
            Create(store.Folder);
        }
        store.SaveState();
        return store;
    }

    /// <summary>The file of a frame, from 1.</summary>
    public string PathOf(int number) => Path.Combine(Folder, string.Create(CultureInfo.InvariantCulture, $"frame_{number:000000}.png"));

    /// <summary>Notes that a scene begins.</summary>
    public void AddScene(int first)
    {
        if (_scenes.Add(first)) SaveState();
    }

    /// <summary>Writes the next frame.</summary>
    /// <param name="result">The frame.</param>
    /// <param name="output">How it is encoded.</param>
    public void Save(StyleResult result, PictureOutput output)
    {
        var number = Done + 1;
        var plain = new PictureOutput { BitDepth = 8 };
        // where the film has other colours than the painting, the next frame needs both
        if (!Same(result)) PictureWriter.Save(result.Painting!, PaintingOf(number), plain);
        PictureWriter.Save(result.Image, PathOf(number), output);
        Done = number;
        File.Delete(PaintingOf(number - 1));
    }

    /// <summary>
    /// The painting of the last frame. Always read from the file: a film that was interrupted continues from the same values.
    /// </summary>
    /// <param name="size">The size of the film.</param>
    /// <returns>1×3×H×W in [0, 1]; owned by the caller.</returns>
    public torch.Tensor Last(PixelSize size)
    {
        var path = File.Exists(PaintingOf(Done)) ? PaintingOf(Done) : PathOf(Done);
        using var picture = Picture.Load(path);
        return picture.Size == size
            ? picture.ToTensor(size)
            : throw new InvalidInputException(
                $"the frame '{path}' has {picture.Size} pixels instead of {size}; --restart paints all frames again");
    }

    /// <summary>Removes the folder, once the film is written.</summary>
    public void Remove()
    {
        try
        {
            Clear();
            if (!Directory.EnumerateFileSystemEntries(Folder).Any()) Directory.Delete(Folder);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new RunFailedException(
                $"the film is written, but its frames in '{Folder}' cannot be removed: {failure.Message.TrimEnd('.')}", failure);
        }
    }

    private static bool Same(StyleResult result)
    {
        using var same = result.Painting!.eq(result.Image);
        using var all = same.all();
        return all.item<bool>();
    }

    private string PaintingOf(int number) =>
        Path.Combine(Folder, string.Create(CultureInfo.InvariantCulture, $".painting_{number:000000}.png"));

    private static void Create(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
            AtomicFile.CheckFolder(Path.Combine(folder, StateName));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException(
                $"the folder '{folder}' for the frames cannot be created: {FileFailure.ReasonOf(failure)}", failure);
        }
    }

    /// <summary>Frames of an earlier command are there.</summary>
    private void Meet(FilmJob job, string state, Action<string> tell)
    {
        while (File.Exists(PathOf(Done + 1))) Done++;
        if (job.Restart || Done == 0)
        {
            Clear();
            Done = 0;
            return;
        }
        if (!job.Resume)
            throw new InvalidInputException(string.Create(CultureInfo.InvariantCulture,
                $"'{Folder}' holds {Done} painted frames of this film; --resume continues after them, --restart discards them"));
        var earlier = Read(state);
        var differences = Differences(earlier["record"], _record).ToArray();
        if (differences.Length > 0)
            throw new InvalidInputException($"the frames in '{Folder}' were made in another way: "
                + $"{string.Join("; ", differences.Take(MostDifferences))}{(differences.Length > MostDifferences ? "; and more" : "")}. "
                + "Give the same options, or --restart to discard the frames");
        foreach (var scene in earlier["scenes"]?.AsArray() ?? []) _scenes.Add(scene!.GetValue<int>());
        tell(string.Create(CultureInfo.InvariantCulture, $"continuing after frame {Done}"));
    }

    private static JsonNode Read(string state)
    {
        try
        {
            return JsonNode.Parse(File.ReadAllText(state))!;
        }
        catch (Exception failure) when (failure is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException(
                $"'{state}' cannot be read: {failure.Message.TrimEnd('.')}; --restart paints all frames again", failure);
        }
    }

    private void SaveState()
    {
        var state = new JsonObject
        {
            ["record"] = _record.DeepClone(),
            ["scenes"] = new JsonArray(_scenes.Select(scene => (JsonNode)scene).ToArray()),
        };
        AtomicFile.Write(Path.Combine(Folder, StateName), path => File.WriteAllText(path, state.ToJsonString(RunRecord.Json)));
    }

    /// <summary>Deletes the files that a store writes, and no others.</summary>
    private void Clear()
    {
        foreach (var file in Directory.EnumerateFiles(Folder))
        {
            var name = Path.GetFileName(file);
            if (name.StartsWith("frame_", StringComparison.Ordinal) || name.StartsWith(".painting_", StringComparison.Ordinal)
                || name.StartsWith(".frame_", StringComparison.Ordinal) || name.StartsWith("..painting_", StringComparison.Ordinal)
                || name.StartsWith("..nst-film.", StringComparison.Ordinal) || name == StateName) File.Delete(file);
        }
    }

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
}

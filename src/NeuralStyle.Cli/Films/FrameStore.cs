using System.Globalization;
using System.Text.RegularExpressions;
using NeuralStyle.Cli.Batch.Claims;
using NeuralStyle.Imaging;
using NeuralStyle.Runs;
using NeuralStyle.Runtime.Files;
using TorchSharp;

namespace NeuralStyle.Cli.Films;

/// <summary>
/// The folder of painted frames: each is written under a temporary name and renamed, so that every frame that is there is whole, and an
/// interrupted film continues after the last one of each scene. A file beside them, <see cref="FilmState"/>, says how they were made:
/// frames of two commands are never mixed. Where a scene is gone through several times, the paintings of a pass are kept until the next
/// one has painted their frame.
/// </summary>
internal sealed partial class FrameStore
{
    /// <summary>Added to the film's name.</summary>
    public const string Extension = ".nst-frames";

    private const string Opening = ".opening.claim";

    private const string StateInWriting = "..nst-film.";

    private static readonly string[] s_between = [".pass", "..pass", ".source_", "..source_"];
    private static readonly string[] s_own = ["frame_", ".painting_", ".losses_", ".frame_", "..painting_", StateInWriting, ".scene_",
        ".film.claim", .. s_between];

    private readonly int _passes;

    /// <param name="folder">The folder.</param>
    /// <param name="passes">How often each scene is gone through.</param>
    public FrameStore(string folder, int passes) => (Folder, _passes) = (folder, passes);

    /// <summary>The folder.</summary>
    public string Folder { get; }

    /// <summary>Added to messages that tell how many frames are painted.</summary>
    public string Counting => _passes == 1 ? "" : ", counting each pass";

    /// <summary>Where its state is.</summary>
    public string StatePath => Path.Combine(Folder, FilmState.Name);

    /// <summary>Whether the film is written and the frames are removed, perhaps by another process.</summary>
    public bool IsOver => !File.Exists(StatePath);

    /// <summary>The names of all frames, as a pattern of ffmpeg.</summary>
    public string Pattern => Path.Combine(Folder.Replace("%", "%%", StringComparison.Ordinal), "frame_%06d.png");

    /// <summary>The file of a frame, from 1.</summary>
    public string PathOf(int number) => Path.Combine(Folder, string.Create(CultureInfo.InvariantCulture, $"frame_{number:000000}.png"));

    /// <summary>The file of a frame's source, where it is kept for later passes.</summary>
    public string SourceOf(int number) =>
        Path.Combine(Folder, string.Create(CultureInfo.InvariantCulture, $".source_{number:000000}.png"));

    /// <summary>Number of painted frames, of all processes; each counts once for each pass that it went through.</summary>
    public int Count()
    {
        if (!Directory.Exists(Folder)) return 0;
        if (_passes == 1) return Directory.EnumerateFiles(Folder, "frame_*.png").Count();
        return Directory.EnumerateFiles(Folder, "*_*.png").Select(path => PaintedName().Match(Path.GetFileName(path)))
            .Where(match => match.Success)
            .GroupBy(match => match.Groups["number"].Value, match => match.Groups["pass"] is { Success: true, Value: var pass }
                ? int.Parse(pass, CultureInfo.InvariantCulture) : _passes)
            .Sum(frame => frame.Max());
    }

    /// <summary>Whether all passes have painted a scene.</summary>
    public bool IsDone(Scene scene) => DoneIn(scene, _passes) == scene.Length;

    /// <summary>How many frames of a scene a pass has painted, from its first.</summary>
    public int DoneIn(Scene scene, int pass)
    {
        var done = 0;
        while (done < scene.Length && IsPainted(scene.At(done, pass), pass)) done++;
        return done;
    }

    /// <summary>Claims a part of the work; null if another process has it, or if the film is written.</summary>
    /// <exception cref="RunFailedException">The folder cannot be written.</exception>
    public Claim? TryClaim(string what, ClaimWatch watch)
    {
        try
        {
            return Claim.TryTake(Path.Combine(Folder, what), watch);
        }
        catch (RunFailedException) when (IsOver && !Directory.Exists(Folder))
        {
            return null;
        }
    }

    /// <summary>Whether another process may be at work: a claim of one that is not known to have died.</summary>
    /// <param name="watch">Knows the dead.</param>
    public bool IsAtWork(ClaimWatch watch) => Directory.EnumerateFiles(Folder, ".*.claim*").Any(path =>
        !Path.GetFileName(path).StartsWith(Opening, StringComparison.Ordinal)
        && ClaimFile.TryRead(path) is { } text && !watch.IsDead(path, text));

    /// <summary>Writes a frame.</summary>
    /// <param name="number">Its number.</param>
    /// <param name="scene">Its scene.</param>
    /// <param name="pass">The pass that painted it, from 1.</param>
    /// <param name="result">The frame.</param>
    public void Save(int number, Scene scene, int pass, StyleResult result)
    {
        if (pass < _passes)
        {
            PictureWriter.Save(result.Painting!, PathOf(number, pass), new PictureOutput());
        }
        else
        {
            // where the film has other colours than the painting, the next frame needs both
            if (number != scene.At(scene.Length - 1, pass) && !Same(result))
                PictureWriter.Save(result.Painting!, PaintingOf(number), new PictureOutput());
            PictureWriter.Save(result.Image, PathOf(number), new PictureOutput());
            File.Delete(PaintingOf(Scene.Before(number, pass)));
        }
        if (pass > 1) File.Delete(PathOf(number, pass - 1));
    }

    /// <summary>
    /// The painting of a frame. Always read from the file: a film that was interrupted continues from the same values.
    /// </summary>
    /// <param name="number">Its number.</param>
    /// <param name="pass">The pass that painted it.</param>
    /// <param name="size">The size of the film.</param>
    /// <returns>1×3×H×W in [0, 1]; owned by the caller.</returns>
    public torch.Tensor Painting(int number, int pass, PixelSize size)
    {
        var path = pass == _passes && File.Exists(PaintingOf(number)) ? PaintingOf(number) : PathOf(number, pass);
        using var picture = Picture.Load(path);
        return picture.Size == size
            ? picture.ToTensor(size)
            : throw new InvalidInputException(
                $"the frame '{path}' has {picture.Size} pixels instead of {size}; --restart paints all frames again");
    }

    /// <summary>Deletes the files that a store writes, and no others. The state first: other processes see that it is over.</summary>
    public void Clear()
    {
        File.Delete(StatePath);
        Delete(s_own);
    }

    /// <summary>Deletes what only later passes need, once all are done.</summary>
    public void ClearBetween() => Delete(s_between);

    /// <summary>Removes the folder, once the film is written.</summary>
    public void Remove()
    {
        try
        {
            Clear();
            foreach (var claim in Directory.EnumerateFiles(Folder, Opening + "*")) File.Delete(claim);
            if (!Directory.EnumerateFileSystemEntries(Folder).Any()) Directory.Delete(Folder);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new RunFailedException(
                $"the film is written, but its frames in '{Folder}' cannot be removed: {failure.Message.TrimEnd('.')}", failure);
        }
    }

    /// <summary>Creates the folder; fails if there is something else in it.</summary>
    /// <exception cref="InvalidInputException">It cannot be created, or it is not empty.</exception>
    public void Create()
    {
        try
        {
            // in this order: a process that begins now writes its state before anything else
            if (Directory.Exists(Folder) && Directory.EnumerateFileSystemEntries(Folder).Any(path => !Begins(path)) && IsOver)
                throw new InvalidInputException(
                    $"the folder '{Folder}' for the frames is not empty; choose another name, so that nothing is lost");
            Directory.CreateDirectory(Folder);
            AtomicFile.CheckFolder(StatePath);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException(
                $"the folder '{Folder}' for the frames cannot be created: {FileFailure.ReasonOf(failure)}", failure);
        }
    }

    /// <summary>Whether a file is one of a process that begins: its claim, or its state under a temporary name.</summary>
    private static bool Begins(string path) => Path.GetFileName(path) is var name
        && (name.StartsWith(Opening, StringComparison.Ordinal) || name.StartsWith(StateInWriting, StringComparison.Ordinal));

    private static bool Same(StyleResult result)
    {
        using var same = result.Painting!.eq(result.Image);
        using var all = same.all();
        return all.item<bool>();
    }

    private void Delete(string[] starts)
    {
        foreach (var file in Directory.EnumerateFiles(Folder))
        {
            if (starts.Any(start => Path.GetFileName(file).StartsWith(start, StringComparison.Ordinal))) File.Delete(file);
        }
    }

    /// <summary>The file of a frame after a pass.</summary>
    private string PathOf(int number, int pass) => pass == _passes ? PathOf(number)
        : Path.Combine(Folder, string.Create(CultureInfo.InvariantCulture, $".pass{pass:00}_{number:000000}.png"));

    private bool IsPainted(int number, int pass)
    {
        for (var later = pass; later <= _passes; later++)
        {
            if (File.Exists(PathOf(number, later))) return true;
        }
        return false;
    }

    private string PaintingOf(int number) =>
        Path.Combine(Folder, string.Create(CultureInfo.InvariantCulture, $".painting_{number:000000}.png"));

    [GeneratedRegex(@"^(?:frame|\.pass(?<pass>\d+))_(?<number>\d+)\.png$")]
    private static partial Regex PaintedName();
}

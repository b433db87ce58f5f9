using System.Globalization;
using NeuralStyle.Cli.Batch.Claims;
using NeuralStyle.Imaging;
using NeuralStyle.Runs;
using NeuralStyle.Runtime.Files;
using TorchSharp;

namespace NeuralStyle.Cli.Films;

/// <summary>
/// The folder of painted frames: each is written under a temporary name and renamed, so that every frame that is there is whole, and an
/// interrupted film continues after the last one of each scene. A file beside them, <see cref="FilmState"/>, says how they were made:
/// frames of two commands are never mixed.
/// </summary>
internal sealed class FrameStore
{
    /// <summary>Added to the film's name.</summary>
    public const string Extension = ".nst-frames";

    private const string Opening = ".opening.claim";

    private static readonly string[] s_own = ["frame_", ".painting_", ".losses_", ".frame_", "..painting_", "..nst-film.", ".scene_",
        ".film.claim"];

    /// <param name="folder">The folder.</param>
    public FrameStore(string folder) => Folder = folder;

    /// <summary>The folder.</summary>
    public string Folder { get; }

    /// <summary>Where its state is.</summary>
    public string StatePath => Path.Combine(Folder, FilmState.Name);

    /// <summary>Whether the film is written and the frames are removed, perhaps by another process.</summary>
    public bool IsOver => !File.Exists(StatePath);

    /// <summary>The names of all frames, as a pattern of ffmpeg.</summary>
    public string Pattern => Path.Combine(Folder.Replace("%", "%%", StringComparison.Ordinal), "frame_%06d.png");

    /// <summary>The file of a frame, from 1.</summary>
    public string PathOf(int number) => Path.Combine(Folder, string.Create(CultureInfo.InvariantCulture, $"frame_{number:000000}.png"));

    /// <summary>Number of painted frames, of all processes.</summary>
    public int Count() => Directory.Exists(Folder) ? Directory.EnumerateFiles(Folder, "frame_*.png").Count() : 0;

    /// <summary>How many frames of a scene are painted, from its first.</summary>
    public int DoneIn(Scene scene)
    {
        var done = 0;
        while (done < scene.Length && File.Exists(PathOf(scene.First + done))) done++;
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
    /// <param name="result">The frame.</param>
    /// <param name="output">How it is encoded.</param>
    public void Save(int number, Scene scene, StyleResult result, PictureOutput output)
    {
        var plain = new PictureOutput { BitDepth = 8 };
        // where the film has other colours than the painting, the next frame needs both
        if (number < scene.Last && !Same(result)) PictureWriter.Save(result.Painting!, PaintingOf(number), plain);
        PictureWriter.Save(result.Image, PathOf(number), output);
        File.Delete(PaintingOf(number - 1));
    }

    /// <summary>
    /// The painting of a frame. Always read from the file: a film that was interrupted continues from the same values.
    /// </summary>
    /// <param name="number">Its number.</param>
    /// <param name="size">The size of the film.</param>
    /// <returns>1×3×H×W in [0, 1]; owned by the caller.</returns>
    public torch.Tensor Painting(int number, PixelSize size)
    {
        var path = File.Exists(PaintingOf(number)) ? PaintingOf(number) : PathOf(number);
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
        foreach (var file in Directory.EnumerateFiles(Folder))
        {
            if (s_own.Any(start => Path.GetFileName(file).StartsWith(start, StringComparison.Ordinal))) File.Delete(file);
        }
    }

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
            if (Directory.Exists(Folder) && IsOver && Directory.EnumerateFileSystemEntries(Folder)
                .Any(path => !Path.GetFileName(path).StartsWith(Opening, StringComparison.Ordinal)))
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

    private static bool Same(StyleResult result)
    {
        using var same = result.Painting!.eq(result.Image);
        using var all = same.all();
        return all.item<bool>();
    }

    private string PaintingOf(int number) =>
        Path.Combine(Folder, string.Create(CultureInfo.InvariantCulture, $".painting_{number:000000}.png"));
}

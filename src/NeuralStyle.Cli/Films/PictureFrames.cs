using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using NeuralStyle.Cli.Batch.Inputs;
using NeuralStyle.Cli.Jobs;
using NeuralStyle.Imaging;
using TorchSharp;

namespace NeuralStyle.Cli.Films;

/// <summary>The pictures of a folder or pattern as frames, in the order of their names, numbers by their value.</summary>
internal sealed class PictureFrames : IFrameSource
{
    private readonly IReadOnlyList<string> _files;

    /// <param name="argument">The folder, the pattern, or one picture.</param>
    /// <param name="output">The result, which must not be among them.</param>
    /// <param name="part">The part that is painted, and its rate.</param>
    /// <param name="note">Told of files that are skipped.</param>
    public PictureFrames(string argument, string output, FilmPart part, Action<string> note)
    {
        Name = argument;
        Rate = part.Rate ?? FrameRate.Usual;
        var all = InputList.Expand(argument, output, note).OrderBy(Sortable, StringComparer.Ordinal).ToArray();
        var first = (int)Math.Min(all.Length, Math.Round(part.Start * Rate.PerSecond));
        var most = part.Duration is { } seconds ? (int)Math.Min(all.Length, Math.Round(seconds * Rate.PerSecond)) : all.Length;
        _files = all.Skip(first).Take(most).ToArray();
        if (_files.Count == 0)
            throw new InvalidInputException($"'{argument}' has no frame there: it has {all.Length} at {Rate} per second");
        using var picture = Picture.Load(_files[0]);
        Size = picture.Size;
    }

    public string Name { get; }

    public PixelSize Size { get; }

    public FrameRate Rate { get; }

    public FilmInfo? Film => null;

    /// <summary>The files.</summary>
    public IReadOnlyList<string> Files => _files;

    public string Hash()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in _files) hash.AppendData(Encoding.ASCII.GetBytes(FilePath.Sha256(file)));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    public IEnumerable<float[]> Read(PixelSize size, Action<string> warn, CancellationToken cancellation)
    {
        foreach (var file in _files)
        {
            cancellation.ThrowIfCancellationRequested();
            yield return Planes(file, size);
        }
    }

    /// <summary>One frame: 3×H×W, RGB in [0, 1].</summary>
    /// <param name="number">From 1.</param>
    /// <param name="size">The size wanted.</param>
    public float[] Read(int number, PixelSize size) => Planes(_files[number - 1], size);

    /// <summary>Numbers with leading zeros, so that frame2 comes before frame10.</summary>
    internal static string Sortable(string path) =>
        System.Text.RegularExpressions.Regex.Replace(path, @"\d+", match => match.Value.PadLeft(20, '0'));

    private float[] Planes(string file, PixelSize size)
    {
        using var picture = Picture.Load(file);
        if (picture.Size != Size)
            throw new InvalidInputException(
                $"the frame '{file}' has {picture.Size} pixels, and the first has {Size}; expected frames of one size");
        using var scope = torch.NewDisposeScope();
        return MemoryMarshal.Cast<byte, float>(picture.ToTensorOnWhite(size).bytes).ToArray();
    }
}

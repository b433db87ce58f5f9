using NeuralStyle.Imaging;
using NeuralStyle.Runtime.Files;
using TorchSharp;
using static TorchSharp.torch;

namespace NeuralStyle.Reduction;

/// <summary>
/// Random crops of the pictures in a folder, at random sizes. Transparent pictures are laid over the others (over rendered ones if
/// there are none), one to three on three quarters of the crops. Every tenth file is kept aside with all its crops.
/// </summary>
internal sealed class FolderPictures : ISamplePictures, IDisposable
{
    /// <summary>The fewest opaque or transparent files that are enough to keep one aside.</summary>
    public const int FewestFiles = 10;

    private const double LargestPart = 1.2, SmallestPart = 5; // sides of the picture that a crop is taken from, in sides of the crop

    private readonly Picture[] _opaque, _transparent; // each: those to fit to, then those kept aside
    private readonly int _seed;
    private readonly RenderedPictures _rendered;
    private (Picture Picture, Tensor Pixels)? _last;

    /// <summary>Looks for pictures, in subfolders too, and reads their headers. Other files are skipped.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="count">Number of crops.</param>
    /// <param name="seed">Seed of the choice of crops.</param>
    /// <param name="size">Height and width of a crop in pixels.</param>
    /// <exception cref="InvalidInputException">
    /// The folder is missing or holds fewer than <see cref="FewestFiles"/> usable pictures.
    /// </exception>
    public FolderPictures(string folder, int count, int seed = 0, int size = RenderedPictures.DefaultSize)
    {
        (Count, Size, _seed) = (count, size, seed);
        _rendered = new RenderedPictures(count, seed, size);
        if (!Directory.Exists(folder))
            throw new InvalidInputException($"the folder '{folder}' does not exist; expected a folder of pictures");
        var found = FolderList.Of(folder, name => Directory.EnumerateFiles(name, "*", SearchOption.AllDirectories))
            .Order(StringComparer.Ordinal)
            .Select(Open)
            .OfType<Picture>()
            .ToArray();
        if (found.Length < FewestFiles)
            throw new InvalidInputException($"the folder '{folder}' holds {found.Length} usable pictures; expected at least "
                + $"{FewestFiles}, of {size} pixels or more on each side unless transparent");
        _transparent = HeldOutLast(found.Where(picture => picture.HasAlpha));
        _opaque = HeldOutLast(found.Where(picture => !picture.HasAlpha));
        Files = found.Length;
    }

    /// <summary>Number of usable files found.</summary>
    public int Files { get; }

    /// <inheritdoc/>
    public int Count { get; }

    /// <inheritdoc/>
    public int HeldOut => Math.Max(1, Count / 10);

    /// <inheritdoc/>
    public int Size { get; }

    /// <inheritdoc/>
    public Tensor Load(int index)
    {
        using var scope = NewDisposeScope();
        var random = new Random(unchecked(_seed * 1_000_003 + index));
        var crop = _opaque.Length == 0 ? _rendered.Load(index) : Crop(Pixels(At(_opaque, index)), random);
        if (_transparent.Length > 0 && random.Next(4) != 0)
        {
            for (var i = 1 + random.Next(3); i > 0; i--) Overlay(crop, At(_transparent, index, random), random);
        }
        return crop.clamp_(0, 1).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _last?.Pixels.Dispose();
        _last = null;
    }

    private Picture? Open(string path)
    {
        try
        {
            var picture = Picture.Load(path);
            return picture.HasAlpha || picture.Size.ShortSide >= Size ? picture : null;
        }
        catch (InvalidInputException)
        {
            return null; // a readme, a thumbnail
        }
    }

    private static Picture[] HeldOutLast(IEnumerable<Picture> pictures) =>
        [.. pictures.Select((picture, i) => (Picture: picture, IsAside: i % 10 == 9)).OrderBy(pair => pair.IsAside)
            .Select(pair => pair.Picture)]; // the order is stable

    /// <summary>
    /// A file for a crop: crops kept aside come from separate files. Neighbouring crops share a file, so that it is decoded once.
    /// </summary>
    private Picture At(Picture[] pictures, int index, Random? random = null)
    {
        var aside = pictures.Length / 10;
        var (first, files) = index >= Count - HeldOut && aside > 0 ? (pictures.Length - aside, aside) : (0, pictures.Length - aside);
        var place = index >= Count - HeldOut ? (index - (Count - HeldOut)) / (double)HeldOut : index / (double)(Count - HeldOut);
        return pictures[first + (random?.Next(files) ?? (int)(place * files))];
    }

    /// <summary>A picture at the largest size that crops are taken from.</summary>
    private Tensor Pixels(Picture picture)
    {
        if (_last is { } last && ReferenceEquals(last.Picture, picture)) return last.Pixels;
        Dispose();
        var size = picture.Size.Fit((int)(Size * SmallestPart), Size);
        var pixels = picture.ToTensor(size).DetachFromDisposeScope();
        _last = (picture, pixels);
        return pixels;
    }

    private Tensor Crop(Tensor pixels, Random random)
    {
        var own = ImageTensor.SizeOf(pixels);
        var side = (int)Math.Min(own.LongSide, Size * LargestPart * Math.Pow(SmallestPart / LargestPart, random.NextDouble()));
        var at = own.Fit(side, Size);
        var resized = ImageTensor.Resize(pixels, at);
        var crop = resized.narrow(2, random.Next(at.Height - Size + 1), Size).narrow(3, random.Next(at.Width - Size + 1), Size);
        return random.Next(2) == 0 ? crop.flip(3) : crop.clone();
    }

    private void Overlay(Tensor crop, Picture picture, Random random)
    {
        using var scope = NewDisposeScope();
        var side = (int)Math.Min(picture.Size.LongSide, Size * (0.3 + 1.3 * random.NextDouble()));
        var size = picture.Size.Fit(side, 1);
        var (pixels, alpha) = (picture.ToTensor(size), picture.AlphaTensor(size));
        var (left, top) = (random.Next(-size.Width / 2, Size - size.Width / 2), random.Next(-size.Height / 2, Size - size.Height / 2));
        var (x0, y0) = (Math.Max(0, left), Math.Max(0, top));
        var (width, height) = (Math.Min(Size, left + size.Width) - x0, Math.Min(Size, top + size.Height) - y0);
        if (width < 1 || height < 1) return;
        Tensor Part(Tensor of) => of.narrow(2, y0 - top, height).narrow(3, x0 - left, width);
        var below = crop.narrow(2, y0, height).narrow(3, x0, width);
        below.copy_(below + Part(alpha) * (Part(pixels) - below));
    }
}

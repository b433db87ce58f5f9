using System.Runtime.InteropServices;
using NeuralStyle.Imaging;
using TorchSharp;

namespace NeuralStyle.Cli.Films;

/// <summary>
/// The frames of the source in any order, which passes after the first need. A film is decoded from its beginning only, so its frames are
/// kept as PNG files beside the painted ones until the film is done: 8 bits, as they were decoded. Pictures are read again.
/// </summary>
/// <param name="source">The film.</param>
/// <param name="store">The painted frames.</param>
/// <param name="size">The size of the result.</param>
/// <param name="passes">How often scenes are gone through; 1 keeps nothing.</param>
internal sealed class KeptFrames(IFrameSource source, FrameStore store, PixelSize size, int passes)
{
    /// <summary>Keeps a frame, unless it is kept already.</summary>
    /// <param name="number">From 1.</param>
    /// <param name="planes">3×H×W, RGB in [0, 1].</param>
    /// <exception cref="RunFailedException">It cannot be written.</exception>
    public void Keep(int number, float[] planes)
    {
        if (passes == 1 || source is PictureFrames || File.Exists(store.SourceOf(number))) return;
        using var frame = torch.tensor(planes, [1, 3, size.Height, size.Width]);
        PictureWriter.Save(frame, store.SourceOf(number), new PictureOutput());
    }

    /// <summary>A frame: 3×H×W, RGB in [0, 1].</summary>
    /// <param name="number">From 1.</param>
    public float[] Read(int number)
    {
        if (source is PictureFrames pictures) return pictures.Read(number, size);
        if (!File.Exists(store.SourceOf(number)))
            throw new RunFailedException($"'{store.SourceOf(number)}' is missing, which later passes need; "
                + "--restart paints all frames again");
        using var picture = Picture.Load(store.SourceOf(number));
        using var frame = picture.ToTensor(size);
        return MemoryMarshal.Cast<byte, float>(frame.bytes).ToArray();
    }
}

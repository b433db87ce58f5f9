using NeuralStyle.Imaging;
using static TorchSharp.torch;

namespace NeuralStyle;

/// <summary>The result of a run.</summary>
/// <param name="Image">1×3×H×W in [0, 1] on the CPU; disposed of with the result.</param>
/// <param name="Completed">False if the run was cancelled and the image is the picture so far.</param>
/// <param name="Begun">False if the run was cancelled before its first iteration: the image is the start image.</param>
public sealed record StyleResult(Tensor Image, bool Completed, bool Begun = true) : IDisposable
{
    /// <summary>How the picture was made.</summary>
    internal RunOrigin? Origin { get; init; }

    /// <summary>
    /// The picture in the colours that the losses see, 1×3×H×W in [0, 1] on the CPU, for the next frame of a film; null otherwise. Disposed
    /// of with the result.
    /// </summary>
    internal Tensor? Painting { get; init; }

    /// <summary>
    /// Writes the picture as a file: PNG, JPEG, WebP, TIFF or AVIF by its extension, with an sRGB profile. Resolution, author and
    /// transparency are those of the content. When all pictures of the run are files, this one records how it was made, and <c>nst
    /// rerun</c> can repeat it.
    /// </summary>
    /// <param name="path">Written under a temporary name, then renamed.</param>
    /// <param name="output">Bits per channel and quality; null for 8 bits and the usual quality.</param>
    /// <returns>The file that was written: <paramref name="path"/>, or with <see cref="PictureOutput.KeepEarlier"/> perhaps a free name
    /// beside it.</returns>
    /// <exception cref="InvalidInputException">The path cannot be written.</exception>
    /// <exception cref="RunFailedException">Writing failed.</exception>
    public string Save(string path, PictureOutput? output = null)
    {
        output ??= new PictureOutput();
        return PictureWriter.Save(Image, path, output with
        {
            Original = output.Original ?? Origin?.Inputs.Content.File,
            Metadata = output.Metadata ?? Origin?.Record(output, Completed)?.ToJson(),
        });
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Image.Dispose();
        Painting?.Dispose();
    }
}

using NetVips;
using NeuralStyle.Runtime.Files;

namespace NeuralStyle.Imaging;

/// <summary>
/// The bytes of a picture: a file that is opened again each time, or memory for what can be read only once (a pipe, a FIFO, standard
/// input). Nothing is held open between two readings, so that a result may replace its own input on every system.
/// </summary>
internal sealed class PictureFile
{
    private const char Damaged = '\ufffd'; // what .NET puts instead of bytes that are no UTF-8

    private readonly byte[]? _bytes; // null for a file on disk
    private (long Length, DateTime Written, DateTime Created) _stamp;
    private string? _sha256;

    private PictureFile(string name, byte[]? bytes)
    {
        (Name, _bytes) = (name, bytes);
        if (bytes is null) _stamp = StampOf(name);
    }

    /// <summary>The name as it was given.</summary>
    public string Name { get; }

    /// <summary>SHA-256 of the bytes, lower-case hexadecimal.</summary>
    public string Sha256 => _sha256 ??= Hash();

    /// <summary>Fails if nothing is there that could be opened, before anything is loaded.</summary>
    /// <exception cref="InvalidInputException">It is missing, or a folder.</exception>
    public static void CheckExists(string path)
    {
        if (Directory.Exists(path)) throw new InvalidInputException($"'{path}' is a folder; expected a picture file");
        if (File.Exists(path)) return;
        FileFailure.CheckReachable(path);
        throw new InvalidInputException(path.Contains(Damaged, StringComparison.Ordinal)
            ? $"'{path}' cannot be opened: its name is not valid UTF-8; rename the file"
            : $"'{path}' does not exist; check the name");
    }

    /// <summary>Opens a file; one without a length (a FIFO, a device, a pipe by name) is read into memory.</summary>
    /// <exception cref="InvalidInputException">
    /// It is missing, a folder, empty, not readable, or a pipe that holds too much or no picture.
    /// </exception>
    /// <exception cref="OperationCanceledException">While waiting for a pipe.</exception>
    public static PictureFile Open(string path, PictureReading reading)
    {
        CheckExists(path);
        return Reading(path, () =>
        {
            if (StampOf(path).Length == 0) return new PictureFile(path, Pipe.ReadAll(path, () => File.OpenRead(path), reading));
            using var probe = File.OpenRead(path);
            return new PictureFile(path, null);
        });
    }

    /// <summary>Reads a stream to its end.</summary>
    /// <inheritdoc cref="Open"/>
    public static PictureFile Of(Stream stream, string name, PictureReading reading) =>
        Reading(name, () => new PictureFile(name, Pipe.ReadAll(name, () => stream, reading)));

    /// <summary>A stream from the first byte.</summary>
    public Stream OpenStream() => _bytes is not null ? new MemoryStream(_bytes, writable: false) : Reading(Name, () => File.OpenRead(Name));

    /// <summary>All bytes.</summary>
    public byte[] ReadAll() => _bytes ?? Reading(Name, () => File.ReadAllBytes(Name));

    /// <summary>A source for libvips. The name is never parsed for options.</summary>
    /// <exception cref="VipsException">The file cannot be opened.</exception>
    public Source NewSource() => _bytes is not null ? Source.NewFromMemory(_bytes) : Source.NewFromFile(Name);

    /// <summary>
    /// Fails if the file on disk is no longer the one that was opened. A file that was only touched, or copied over itself, counts as the
    /// same.
    /// </summary>
    /// <exception cref="InvalidInputException">It was changed or is gone.</exception>
    public void CheckUnchanged()
    {
        if (_bytes is not null) return;
        if (!File.Exists(Name)) throw new InvalidInputException($"'{Name}' was removed while it was in use; restore it and run again");
        var now = StampOf(Name);
        if (now == _stamp) return;
        if (_sha256 is null || Hash() != _sha256)
            throw new InvalidInputException(
                $"'{Name}' was changed while it was in use: the picture would be made of two different ones; run again");
        _stamp = now;
    }

    private string Hash() => Reading(Name, () =>
    {
        using var stream = OpenStream();
        return Hashes.Sha256(stream);
    });

    private static (long Length, DateTime Written, DateTime Created) StampOf(string path)
    {
        var file = new FileInfo(path);
        if (file.LinkTarget is not null)
        {
            // /dev/stdin, /dev/fd/63: links to pipes, which have no name
            if (file.ResolveLinkTarget(returnFinalTarget: true) is not FileInfo { Exists: true } target) return default;
            file = target;
        }
        return (file.Length, file.LastWriteTimeUtc, file.CreationTimeUtc);
    }

    private static T Reading<T>(string name, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception failure) when (failure is UnauthorizedAccessException or IOException or NotSupportedException)
        {
            throw new InvalidInputException($"'{name}' cannot be read: {FileFailure.ReasonOf(failure, name)}", failure);
        }
    }
}

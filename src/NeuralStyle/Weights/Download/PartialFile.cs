using System.Text.Json;
using Microsoft.Win32.SafeHandles;

namespace NeuralStyle.Weights.Download;

/// <summary>
/// A file of which some ranges have been fetched: <c>NAME.part</c>, sparse if the file system supports it, and <c>NAME.part.json</c>, which
/// lists the ranges that are there and the version of the file, so that a later run can continue.
/// </summary>
internal sealed class PartialFile : IDisposable
{
    private const long SaveInterval = 4 << 20;

    private readonly string _path;
    private readonly SafeFileHandle _file;
    private State _state;
    private ByteRanges _present = new();
    private long _unsaved;
    private bool _isGone;

    /// <summary>Opens the file, with the ranges already fetched from the same address.</summary>
    public PartialFile(string path, Uri url)
    {
        _path = path;
        _file = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
        _state = Load() is { } state && state.Url == url.AbsoluteUri && state.Length == RandomAccess.GetLength(_file)
            ? state
            : new State(url.AbsoluteUri, null, 0, []);
        foreach (var range in _state.Ranges)
        {
            if (range is [var start, var end] && start >= 0 && end <= _state.Length) _present.Add(start, end);
        }
    }

    /// <summary>Size of the whole file; 0 before <see cref="Identify"/>.</summary>
    public long Length => _state.Length;

    /// <summary>The server's identifier of the file's version: its ETag or date.</summary>
    public string? Validator => _state.Validator;

    /// <summary>What is there.</summary>
    public ByteRanges Present => _present;

    /// <summary>Notes the version on the server; drops ranges of another version.</summary>
    /// <returns>Whether earlier bytes are still valid.</returns>
    public bool Identify(long length, string? validator)
    {
        var isSame = validator is not null && validator == _state.Validator && length == _state.Length;
        if (isSame) return _present.Count > 0;
        _present = new ByteRanges();
        _state = _state with { Validator = validator, Length = length };
        Store([], (file, _) => RandomAccess.SetLength(file, length));
        return false;
    }

    /// <summary>Writes bytes that arrived; the file grows if its size was not known.</summary>
    /// <exception cref="RunFailedException">The disk is full.</exception>
    public void Write(long offset, ReadOnlySpan<byte> bytes)
    {
        Store(bytes, (file, part) => RandomAccess.Write(file, part, offset));
        _present.Add(offset, offset + bytes.Length);
        if (offset + bytes.Length > _state.Length) _state = _state with { Length = offset + bytes.Length };
        _unsaved += bytes.Length;
        if (_unsaved >= SaveInterval) Store(bytes, (_, _) => Save());
    }

    /// <summary>Reads bytes that have been fetched.</summary>
    public void Read(long offset, Span<byte> buffer)
    {
        while (buffer.Length > 0)
        {
            var read = RandomAccess.Read(_file, buffer, offset);
            if (read == 0) throw new EndOfStreamException();
            buffer = buffer[read..];
            offset += read;
        }
    }

    /// <summary>Saves the list of ranges.</summary>
    public void Save()
    {
        _unsaved = 0;
        var ranges = _present.All.Select(range => new[] { range.Start, range.End }).ToArray();
        var temporary = StatePath + ".tmp";
        File.WriteAllText(temporary, JsonSerializer.Serialize(_state with { Ranges = ranges }));
        File.Move(temporary, StatePath, overwrite: true);
    }

    /// <summary>Closes the file and gives it its final name.</summary>
    public void Keep(string finalPath)
    {
        Forget();
        File.Move(_path, finalPath, overwrite: true);
        File.Delete(StatePath);
    }

    /// <summary>Closes and removes the file and its list.</summary>
    public void Delete()
    {
        Forget();
        File.Delete(_path);
        File.Delete(StatePath);
    }

    /// <summary>Closes the file and keeps it for a later run.</summary>
    public void Dispose()
    {
        if (_isGone) return;
        if (_present.Count == 0)
        {
            Delete(); // nothing to continue from
            return;
        }
        Save();
        _file.Dispose();
    }

    // A full disk must not be taken for a broken network, which is an IOException too.
    private void Store(ReadOnlySpan<byte> bytes, StoreAction action)
    {
        try
        {
            action(_file, bytes);
        }
        catch (IOException failure)
        {
            throw new RunFailedException($"cannot store '{_path}': {failure.Message.TrimEnd('.')}", failure);
        }
    }

    private delegate void StoreAction(SafeFileHandle file, ReadOnlySpan<byte> bytes);

    private void Forget()
    {
        _isGone = true;
        _file.Dispose();
    }

    private string StatePath => _path + ".json";

    private State? Load()
    {
        try
        {
            return JsonSerializer.Deserialize<State>(File.ReadAllText(StatePath));
        }
        catch (Exception failure) when (failure is IOException or JsonException)
        {
            return null; // no valid list: start again
        }
    }

    private sealed record State(string Url, string? Validator, long Length, long[][] Ranges);
}

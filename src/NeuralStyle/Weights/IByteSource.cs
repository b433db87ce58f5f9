using System.Globalization;
using NeuralStyle.Runtime.Files;

namespace NeuralStyle.Weights;

/// <summary>
/// Bytes from anywhere: a local file, or a file on a server of which only the parts that are read are fetched.
/// Every reader of a weight format works on this.
/// </summary>
internal interface IByteSource : IDisposable
{
    /// <summary>Number of bytes.</summary>
    long Length { get; }

    /// <summary>Fills <paramref name="buffer"/> from <paramref name="offset"/>; the caller stays within <see cref="Length"/>.</summary>
    void Read(long offset, Span<byte> buffer);

    /// <summary>
    /// Announces that a part will be read soon, so that it can be fetched in one request. Has no effect on the bytes read.
    /// </summary>
    void Prefetch(long offset, long length)
    {
    }
}

/// <summary>Helpers for byte sources.</summary>
internal static class ByteSourceExtensions
{
    /// <summary>Reads a part into a new array.</summary>
    /// <exception cref="WeightsFormatException">The part lies outside the source.</exception>
    public static byte[] ReadBytes(this IByteSource source, long offset, int count)
    {
        source.RequireRange(offset, count);
        var bytes = new byte[count];
        source.Read(offset, bytes);
        return bytes;
    }

    /// <summary>Fails when a part lies outside the source.</summary>
    public static void RequireRange(this IByteSource source, long offset, long count)
    {
        if (offset < 0 || count < 0 || offset > source.Length || count > source.Length - offset)
            throw new WeightsFormatException(string.Create(CultureInfo.InvariantCulture,
                $"truncated or damaged: it points to byte {offset} but has only {source.Length}"));
    }
}

/// <summary>A local file.</summary>
internal sealed class FileSource(string path) : IByteSource
{
    private readonly Microsoft.Win32.SafeHandles.SafeFileHandle _file = SpecialFile.Is(path)
        ? throw new WeightsFormatException("it is a FIFO or a device; expected a file, which is read here and there")
        : File.OpenHandle(path);

    public long Length => RandomAccess.GetLength(_file);

    public void Read(long offset, Span<byte> buffer)
    {
        while (buffer.Length > 0)
        {
            var read = RandomAccess.Read(_file, buffer, offset);
            if (read == 0) throw new WeightsFormatException("the file ends early");
            buffer = buffer[read..];
            offset += read;
        }
    }

    public void Dispose() => _file.Dispose();
}

/// <summary>Bytes in memory.</summary>
internal sealed class MemorySource(ReadOnlyMemory<byte> bytes) : IByteSource
{
    public long Length => bytes.Length;

    public void Read(long offset, Span<byte> buffer) => bytes.Span.Slice((int)offset, buffer.Length).CopyTo(buffer);

    public void Dispose()
    {
    }
}

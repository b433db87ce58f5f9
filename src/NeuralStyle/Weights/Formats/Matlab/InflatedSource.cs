using System.IO.Compression;

namespace NeuralStyle.Weights.Formats.Matlab;

/// <summary>
/// The unpacked bytes of a compressed part of another source. Reading forwards continues, reading backwards starts again: tensors that are
/// read in order are unpacked once.
/// </summary>
internal sealed class InflatedSource(IByteSource packed, long offset, long packedLength) : IByteSource
{
    private ZLibStream? _stream;
    private long _position;

    /// <summary>Number of unpacked bytes; unlimited until it is known. Deflate shrinks by a factor of 1032 at most.</summary>
    public long Length { get; set => field = Math.Min(value, checked(packedLength * 1032)); } = long.MaxValue;

    public void Read(long offset, Span<byte> buffer)
    {
        try
        {
            if (_stream is null || offset < _position) Restart();
            Span<byte> waste = stackalloc byte[4096];
            while (_position < offset)
            {
                var skipped = _stream!.Read(waste[..(int)Math.Min(waste.Length, offset - _position)]);
                if (skipped == 0) throw new WeightsFormatException("a compressed variable ends early");
                _position += skipped;
            }
            _stream!.ReadExactly(buffer);
            _position += buffer.Length;
        }
        catch (InvalidDataException failure)
        {
            throw new WeightsFormatException("a compressed variable cannot be unpacked", failure);
        }
        catch (EndOfStreamException failure)
        {
            throw new WeightsFormatException("a compressed variable ends early", failure);
        }
    }

    public void Dispose() => _stream?.Dispose();

    private void Restart()
    {
        _stream?.Dispose();
        _stream = new ZLibStream(new SourceStream(packed, offset, packedLength), CompressionMode.Decompress);
        _position = 0;
    }
}

namespace NeuralStyle.Weights.Formats;

/// <summary>A .keras file (Keras 3): a zip of JSON and the HDF5 file of the weights, which Keras stores without compression.</summary>
internal static class KerasZip
{
    private const string Weights = "model.weights.h5";

    /// <summary>Whether a zip file is one of Keras's.</summary>
    public static bool Recognises(ZipIndex zip) => zip.Members.ContainsKey(Weights);

    /// <summary>Opens the weights inside.</summary>
    /// <exception cref="WeightsFormatException">They are compressed, or damaged.</exception>
    public static ITensorArchive Open(IByteSource source, ZipIndex zip)
    {
        var member = zip.Members[Weights];
        if (member.Method != ZipMember.Stored || member.Size != member.PackedSize)
            throw new WeightsFormatException($"its member '{Weights}' is compressed, which Keras does not do; unzip it and give {Weights}");
        return new H5Archive(new PartOfSource(source, zip.DataOffset(member), member.Size)) { Format = "keras" };
    }
}

/// <summary>A part of another source as a separate source; owns that source.</summary>
internal sealed class PartOfSource(IByteSource whole, long start, long length) : IByteSource
{
    public long Length => length;

    public void Read(long offset, Span<byte> buffer) => whole.Read(start + offset, buffer);

    public void Prefetch(long offset, long count) => whole.Prefetch(start + offset, count);

    public void Dispose() => whole.Dispose();
}

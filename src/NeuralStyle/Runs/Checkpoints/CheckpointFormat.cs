using static TorchSharp.torch;

namespace NeuralStyle.Runs.Checkpoints;

/// <summary>
/// The layout of a checkpoint, all numbers little-endian: the eight bytes of <see cref="Magic"/>; the version (4 bytes); the
/// header's length (8); the header (<see cref="CheckpointHeader"/>, UTF-8); the values of each tensor, in order and without gaps;
/// SHA-256 over everything before it (32).
/// </summary>
internal static class CheckpointFormat
{
    /// <summary>Increased when older programs could not read the new format.</summary>
    public const int Version = 1;

    public const int PrefixLength = 20, ChecksumLength = 32;

    private const long PartBytes = 32 << 20; // of a tensor at a time: little extra memory, and below the 2 GiB limit of a span

    public static ReadOnlySpan<byte> Magic => "nst-ckpt"u8;

    /// <summary>A tensor's values as a sequence of parts that are small enough to be copied one by one.</summary>
    /// <param name="values">Contiguous.</param>
    public static IEnumerable<Tensor> Parts(Tensor values)
    {
        using var row = values.view(-1);
        var step = PartBytes / row.ElementSize;
        for (var start = 0L; start < row.shape[0]; start += step)
        {
            using var part = row.narrow(0, start, Math.Min(step, row.shape[0] - start));
            yield return part;
        }
    }
}

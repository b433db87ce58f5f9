using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json;
using NeuralStyle.Runtime.Files;
using static TorchSharp.torch;

namespace NeuralStyle.Runs.Checkpoints;

/// <summary>Writes checkpoints in the layout of <see cref="CheckpointFormat"/>, part by part: it needs no copy of the state.</summary>
internal static class CheckpointWriter
{
    /// <summary>Replaces the file atomically. When this returns, the bytes are on the disk, not only in its cache.</summary>
    /// <param name="path">The file.</param>
    /// <param name="header">Everything but the tensors.</param>
    /// <param name="tensors">The values of the header's tensors, in its order; on any device.</param>
    /// <exception cref="InvalidInputException">The folder does not exist or is not writable.</exception>
    /// <exception cref="RunFailedException">Writing failed, for instance because the disk is full.</exception>
    public static string Write(string path, CheckpointHeader header, IEnumerable<Tensor> tensors) => AtomicFile.Write(path, temporary =>
    {
        using var file = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 1 << 16);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        void Append(ReadOnlySpan<byte> bytes)
        {
            hash.AppendData(bytes);
            file.Write(bytes);
        }

        var json = JsonSerializer.SerializeToUtf8Bytes(header, RunRecord.Json);
        Span<byte> prefix = stackalloc byte[CheckpointFormat.PrefixLength];
        CheckpointFormat.Magic.CopyTo(prefix);
        BinaryPrimitives.WriteInt32LittleEndian(prefix[8..], CheckpointFormat.Version);
        BinaryPrimitives.WriteInt64LittleEndian(prefix[12..], json.Length);
        Append(prefix);
        Append(json);
        foreach (var tensor in tensors)
        {
            using var values = tensor.contiguous();
            foreach (var part in CheckpointFormat.Parts(values))
            {
                using var host = part.cpu();
                Append(host.bytes);
            }
        }
        file.Write(hash.GetHashAndReset());
        file.Flush(flushToDisk: true); // before the renaming: a power cut leaves the old file or the new one
    });
}

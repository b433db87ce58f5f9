using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using NeuralStyle.Runtime.Files;
using static TorchSharp.torch;

namespace NeuralStyle.Runs.Checkpoints;

/// <summary>A checkpoint as it was read.</summary>
/// <param name="Header">Everything but the tensors.</param>
/// <param name="Tensors">The tensors by name, on the CPU; they belong to the dispose scope that was open.</param>
internal sealed record Checkpoint(CheckpointHeader Header, IReadOnlyDictionary<string, Tensor> Tensors);

/// <summary>
/// Reads checkpoints in the layout of <see cref="CheckpointFormat"/>. Trusts no length before checking it against the file's.
/// </summary>
internal static class CheckpointReader
{
    private const int LongestHeader = 16 << 20, HighestRank = 8;

    private static readonly JsonSerializerOptions s_json = new(RunRecord.Json) { AllowDuplicateProperties = false };

    /// <summary>Reads a file.</summary>
    /// <exception cref="InvalidInputException">It is not a checkpoint, from a newer version, or damaged; the message says
    /// which.</exception>
    public static Checkpoint Read(string path)
    {
        if (SpecialFile.Is(path))
            throw new InvalidInputException($"'{path}' is a FIFO or a device and no checkpoint; give a file as CheckpointSettings.Path");
        try
        {
            using var file = File.OpenRead(path);
            return Read(path, file);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException($"checkpoint '{path}' cannot be read: {FileFailure.ReasonOf(failure, path)}", failure);
        }
    }

    private static Checkpoint Read(string path, FileStream file)
    {
        var length = file.Length;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        void Fill(Span<byte> bytes)
        {
            file.ReadExactly(bytes);
            hash.AppendData(bytes);
        }

        if (length < CheckpointFormat.PrefixLength + CheckpointFormat.ChecksumLength)
            throw Damaged(path, $"it is only {length} bytes long");
        Span<byte> prefix = stackalloc byte[CheckpointFormat.PrefixLength];
        Fill(prefix);
        if (!prefix.StartsWith(CheckpointFormat.Magic))
            throw new RefusedCheckpointException($"'{path}' is not a checkpoint of nst; give another file as CheckpointSettings.Path");
        var version = BinaryPrimitives.ReadInt32LittleEndian(prefix[8..]);
        if (version > CheckpointFormat.Version)
            throw new InvalidInputException(string.Create(CultureInfo.InvariantCulture,
                $"checkpoint '{path}' was written by a newer nst (format {version}, this one reads {CheckpointFormat.Version}); "
                    + $"continue with that version, or start again without CheckpointSettings.Resume"));
        if (version != CheckpointFormat.Version) throw Damaged(path, $"there is no format {version}");

        var headerLength = BinaryPrimitives.ReadInt64LittleEndian(prefix[12..]);
        var rest = length - CheckpointFormat.PrefixLength - CheckpointFormat.ChecksumLength;
        if (headerLength < 0 || headerLength > Math.Min(rest, LongestHeader)) throw Damaged(path, "the length of its header is wrong");
        var json = new byte[headerLength];
        Fill(json);
        var header = ParseHeader(path, json);
        var types = CheckTensors(path, header, rest - headerLength);

        using var scope = NewDisposeScope();
        var tensors = new Dictionary<string, Tensor>();
        foreach (var (entry, type) in header.Tensors.Zip(types))
        {
            var values = empty([.. entry.Shape], type);
            if (!tensors.TryAdd(entry.Name, values)) throw Damaged(path, "it has a tensor twice");
            foreach (var part in CheckpointFormat.Parts(values)) Fill(part.bytes);
        }
        Span<byte> checksum = stackalloc byte[CheckpointFormat.ChecksumLength];
        file.ReadExactly(checksum);
        if (!checksum.SequenceEqual(hash.GetHashAndReset())) throw Damaged(path, "its checksum is wrong");
        foreach (var tensor in tensors.Values) tensor.MoveToOuterDisposeScope();
        return new Checkpoint(header, tensors);
    }

    private static CheckpointHeader ParseHeader(string path, byte[] json)
    {
        try
        {
            var header = JsonSerializer.Deserialize<CheckpointHeader>(json, s_json);
            // JSON may say null where the types do not
            return header is { Record: not null, Device: not null, Tensors: not null, Choices: not null }
                && header.Tensors.All(tensor => tensor is { Name: not null, Type: not null, Shape: not null })
                ? header
                : throw Damaged(path, "its header is incomplete");
        }
        catch (Exception failure) when (failure is JsonException or ArgumentException) // the latter for a property that occurs twice
        {
            throw Damaged(path, "its header cannot be read");
        }
    }

    /// <summary>Checks that the tensors have known types and fill the rest of the file exactly.</summary>
    private static List<ScalarType> CheckTensors(string path, CheckpointHeader header, long bytes)
    {
        List<ScalarType> types = [];
        var left = bytes;
        foreach (var (name, typeName, shape) in header.Tensors)
        {
            if (ElementTypes.Find(typeName) is not var (type, size)) throw Damaged(path, "a tensor's type is unknown");
            // a side of 0 would hide the others from the count below
            if (shape.Count > HighestRank || shape.Any(side => side < 0) || (shape.Count > 1 && shape.Contains(0)))
                throw Damaged(path, "a tensor's shape is impossible");
            var taken = (Int128)size;
            foreach (var side in shape)
            {
                taken *= side;
                if (taken > left) throw Damaged(path, "it is shorter than its tensors");
            }
            if (taken > left) throw Damaged(path, "it is shorter than its tensors");
            left -= (long)taken;
            types.Add(type);
        }
        return left == 0 ? types : throw Damaged(path, "it is longer than its tensors");
    }

    private static RefusedCheckpointException Damaged(string path, string reason) =>
        new($"checkpoint '{path}' is damaged: {reason}; start again without CheckpointSettings.Resume");
}

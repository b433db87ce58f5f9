using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using NeuralStyle.Runtime.Files;
using NeuralStyle.Vgg;

namespace NeuralStyle.Weights;

/// <summary>Hashes that identify weights.</summary>
internal static class WeightsHash
{
    /// <summary>
    /// SHA-256 of the values alone: for each convolution in order of depth its name in ASCII, then kernel (O×I×3×3) and bias as
    /// little-endian float32. Independent of the file format and of the order in the file.
    /// </summary>
    /// <returns>Lower-case hexadecimal.</returns>
    public static string OfValues(IReadOnlyList<ConvolutionWeights> convolutions)
    {
        Hashes.Require();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var convolution in convolutions)
        {
            hash.AppendData(Encoding.ASCII.GetBytes(convolution.Layer.ConvolutionName));
            Append(hash, convolution.Kernel);
            Append(hash, convolution.Bias);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    internal static string Sha256(IByteSource source)
    {
        using var stream = new SourceStream(source, 0, source.Length);
        return Hashes.Sha256(stream);
    }

#pragma warning disable CA5351 // not for security: it is the hash that Keras publishes
    internal static string Md5(IByteSource source)
    {
        using var stream = new SourceStream(source, 0, source.Length);
        return Convert.ToHexStringLower(MD5.HashData(stream));
    }
#pragma warning restore CA5351

    /// <summary>Hash of a folder of arrays: SHA-256 over the names and hashes of its files in order of name.</summary>
    internal static string Sha256(IEnumerable<(string Name, IByteSource Source)> files) =>
        Hashes.Sha256(Encoding.UTF8.GetBytes(string.Concat(files.Select(file => $"{file.Name} {Sha256(file.Source)}\n"))));

    private static void Append(IncrementalHash hash, float[] values)
    {
        const int step = 4096;
        var bytes = new byte[step * sizeof(float)];
        for (var start = 0; start < values.Length; start += step)
        {
            var part = values.AsSpan(start, Math.Min(step, values.Length - start));
            for (var i = 0; i < part.Length; i++) BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * sizeof(float)), part[i]);
            hash.AppendData(bytes, 0, part.Length * sizeof(float));
        }
    }
}

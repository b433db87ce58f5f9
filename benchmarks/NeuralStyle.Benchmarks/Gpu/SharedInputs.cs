using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using NeuralStyle.Benchmarks.Speed;
using NeuralStyle.Vgg;
using NeuralStyle.Weights;
using static TorchSharp.torch;

namespace NeuralStyle.Benchmarks.Gpu;

/// <summary>A folder with the weights and pictures that every process of a comparison reads, whatever language it is in.</summary>
internal sealed class SharedInputs(string folder)
{
    public const string Image = "image", Style = "style";

    private static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y', 1, 0];

    /// <summary>The folder.</summary>
    public string Folder => folder;

    private string WeightsFile => Path.Combine(folder, "weights.npz");

    /// <summary>Writes all that processes at these sizes will read.</summary>
    public void Write(VggWeights weights, IReadOnlyList<int> sizes)
    {
        NpzWriter.Write(WeightsFile, weights);
        foreach (var size in sizes)
        {
            foreach (var (name, seed) in ((string, int)[])[(Image, 1), (Style, 2)])
            {
                using var picture = FullWidth.Picture(size, seed);
                WriteArray(PathOf(size, name), picture);
            }
        }
    }

    public VggWeights ReadWeights() => NeuralStyle.Weights.WeightsFile.Load(WeightsFile);

    /// <summary>1×3×size×size in [0, 1].</summary>
    public Tensor ReadPicture(int size, string name)
    {
        var bytes = File.ReadAllBytes(PathOf(size, name));
        if (!bytes.AsSpan().StartsWith(Magic)) throw new InvalidDataException($"'{PathOf(size, name)}' is no .npy of version 1");
        var start = Magic.Length + 2 + BitConverter.ToUInt16(bytes, Magic.Length);
        return tensor(MemoryMarshal.Cast<byte, float>(bytes.AsSpan(start)).ToArray(), [1, 3, size, size]);
    }

    /// <summary>Writes a contiguous float32 tensor as NumPy's <c>.npy</c>.</summary>
    private static void WriteArray(string path, Tensor values)
    {
        var header = $"{{'descr': '<f4', 'fortran_order': False, 'shape': ({string.Join(", ", values.shape)}), }}";
        var start = Magic.Length + 2;
        header = header.PadRight((start + header.Length + 1 + 63) / 64 * 64 - start - 1) + "\n"; // elements begin at a multiple of 64
        using var file = File.Create(path);
        file.Write(Magic);
        file.Write(BitConverter.GetBytes((ushort)header.Length));
        file.Write(Encoding.ASCII.GetBytes(header));
        file.Write(MemoryMarshal.AsBytes<float>(values.data<float>().ToArray()));
    }

    private string PathOf(int size, string name) => Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{size}-{name}.npy"));
}

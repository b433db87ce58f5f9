using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using NeuralStyle.Vgg;

namespace NeuralStyle.Tests.Weights;

/// <summary>Writes .npz files of every kind that NumPy can produce, and some that it never would.</summary>
internal sealed class NpzBuilder(string descr = "<f4", bool fortran = false, bool deflate = false, int version = 1)
{
    private readonly Dictionary<string, byte[]> _entries = [];

    public NpzBuilder Add(string name, int[] shape, float[] values)
    {
        _entries[name + ".npy"] = [.. Header(descr, fortran, shape, version), .. Encode(fortran ? Transpose(shape, values) : values)];
        return this;
    }

    public NpzBuilder AddRaw(string name, byte[] bytes)
    {
        _entries[name] = bytes;
        return this;
    }

    public NpzBuilder AddText(string name, string text) =>
        AddRaw(name + ".npy", [.. Header("|u1", false, [text.Length], 1), .. Encoding.UTF8.GetBytes(text)]);

    public NpzBuilder Remove(string name)
    {
        Assert.True(_entries.Remove(name + ".npy"));
        return this;
    }

    /// <summary>All convolutions of a network, O×I×H×W or H×W×I×O.</summary>
    public NpzBuilder Add(VggWeights weights, bool oihw = false)
    {
        foreach (var c in weights.Convolutions)
        {
            if (oihw) Add(c.Layer.ConvolutionName + "_W", [c.OutChannels, c.InChannels, 3, 3], c.Kernel);
            else Add(c.Layer.ConvolutionName + "_W", [3, 3, c.InChannels, c.OutChannels], ToHwio(c));
            Add(c.Layer.ConvolutionName + "_b", [c.OutChannels], c.Bias);
        }
        return this;
    }

    public byte[] ToBytes()
    {
        using var memory = new MemoryStream();
        using (var zip = new ZipArchive(memory, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, bytes) in _entries)
            {
                using var stream = zip.CreateEntry(name, deflate ? CompressionLevel.Optimal : CompressionLevel.NoCompression).Open();
                stream.Write(bytes);
            }
        }
        return memory.ToArray();
    }

    public string Save(string path)
    {
        File.WriteAllBytes(path, ToBytes());
        return path;
    }

    public static byte[] Header(string descr, bool fortran, int[] shape, int version)
    {
        var text = $"{{'descr': '{descr}', 'fortran_order': {fortran}, 'shape': ({string.Concat(shape.Select(size => size + ", "))}), }}";
        var header = Encoding.ASCII.GetBytes(text.PadRight(117) + "\n");
        var length = new byte[version == 1 ? 2 : 4];
        if (version == 1) BinaryPrimitives.WriteUInt16LittleEndian(length, (ushort)header.Length);
        else BinaryPrimitives.WriteInt32LittleEndian(length, header.Length);
        return [0x93, .. "NUMPY"u8, (byte)version, 0, .. length, .. header];
    }

    private byte[] Encode(float[] values) => values.SelectMany(value =>
    {
        byte[] bytes = descr[1..] switch
        {
            "f2" => BitConverter.GetBytes((Half)value),
            "f8" => BitConverter.GetBytes((double)value),
            _ => BitConverter.GetBytes(value),
        };
        return descr[0] == '>' ? bytes.Reverse() : bytes;
    }).ToArray();

    private static float[] ToHwio(ConvolutionWeights c) => Permute([c.OutChannels, c.InChannels, 3, 3], c.Kernel, [2, 3, 1, 0]);

    private static float[] Transpose(int[] shape, float[] values) =>
        Permute(shape, values, Enumerable.Range(0, shape.Length).Reverse().ToArray());

    /// <summary>By the definition: result[index[axes[0]], index[axes[1]], …] = values[index].</summary>
    public static float[] Permute(int[] shape, float[] values, int[] axes)
    {
        var result = new float[values.Length];
        for (var flat = 0; flat < values.Length; flat++)
        {
            var index = new int[shape.Length];
            for (int axis = shape.Length - 1, rest = flat; axis >= 0; rest /= shape[axis], axis--) index[axis] = rest % shape[axis];
            var target = axes.Aggregate(0, (sum, axis) => sum * shape[axis] + index[axis]);
            result[target] = values[flat];
        }
        return result;
    }
}

using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using NeuralStyle.Vgg;

namespace NeuralStyle.Tests.Weights;

/// <summary>Files in which, as in the published ones, fully connected layers take most of the space.</summary>
internal static class LargeFiles
{
    /// <summary>Makes a file in the format that its name says.</summary>
    public static byte[] Create(string name, VggWeights weights, int classifierBytes)
    {
        var classifier = new float[classifierBytes / 4];
        return name switch
        {
            "w.npz" => new NpzBuilder()
                .Add("a_first", [classifier.Length], classifier)
                .Add(weights)
                .Add("fc6_W", [classifier.Length], classifier)
                .ToBytes(),
            "w.safetensors" => Safetensors(weights, classifier),
            "w.pth" => TorchZip(weights, classifier),
            _ => TorchLegacy(weights, classifier),
        };
    }

    private static byte[] Safetensors(VggWeights weights, float[] classifier)
    {
        var index = new Dictionary<string, object> { ["__metadata__"] = new Dictionary<string, string> { ["format"] = "pt" } };
        using var values = new MemoryStream();
        foreach (var (name, shape, data) in Tensors(weights, classifier))
        {
            index[name] = new { dtype = "F32", shape, data_offsets = new[] { values.Length, values.Length + data.Length * 4 } };
            values.Write(Bytes(data));
        }
        var header = JsonSerializer.SerializeToUtf8Bytes(index);
        var length = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
        return [.. length, .. header, .. values.ToArray()];
    }

    private static byte[] TorchZip(VggWeights weights, float[] classifier)
    {
        using var memory = new MemoryStream();
        using (var zip = new ZipArchive(memory, ZipArchiveMode.Create, leaveOpen: true))
        {
            Add("archive/data.pkl", StateDictionary(weights, classifier));
            foreach (var (index, tensor) in Tensors(weights, classifier).Index()) Add($"archive/data/{index}", Bytes(tensor.Data));

            void Add(string name, byte[] bytes)
            {
                using var stream = zip.CreateEntry(name, CompressionLevel.NoCompression).Open();
                stream.Write(bytes);
            }
        }
        return memory.ToArray();
    }

    private static byte[] TorchLegacy(VggWeights weights, float[] classifier)
    {
        var tensors = Tensors(weights, classifier).ToArray();
        byte[] keys = [0x80, 2, (byte)']', (byte)'(', .. tensors.SelectMany((_, index) => Text($"{index}")), (byte)'e', (byte)'.'];
        return
        [
            0x80, 2, 0x8A, 10, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19, (byte)'.', // magic
            0x80, 2, (byte)'M', 0xE9, 0x03, (byte)'.', // version 1001
            0x80, 2, (byte)'}', (byte)'.', // machine
            .. StateDictionary(weights, classifier),
            .. keys,
            .. tensors.SelectMany(tensor => BitConverter.GetBytes((long)tensor.Data.Length).Concat(Bytes(tensor.Data))),
        ];
    }

    /// <summary>The pickle of a dictionary of tensors, tensor i in storage i.</summary>
    private static byte[] StateDictionary(VggWeights weights, float[] classifier)
    {
        List<byte> pickle = [0x80, 2, (byte)'}', (byte)'('];
        foreach (var (index, (name, shape, data)) in Tensors(weights, classifier).Index())
        {
            pickle.AddRange([.. Text(name), .. "ctorch._utils\n_rebuild_tensor_v2\n(("u8, .. Text("storage"), .. "ctorch\nFloatStorage\n"u8,
                .. Text($"{index}"), .. Text("cpu"), .. Int(data.Length), .. "tQ"u8, .. Int(0), (byte)'(']);
            foreach (var size in shape) pickle.AddRange(Int(size));
            pickle.AddRange("t("u8);
            for (var axis = 0; axis < shape.Length; axis++)
                pickle.AddRange(Int(shape[(axis + 1)..].Aggregate(1, (product, size) => product * size)));
            pickle.AddRange([(byte)'t', 0x89, (byte)'}', (byte)'t', (byte)'R']);
        }
        pickle.AddRange("u."u8);
        return [.. pickle];
    }

    private static IEnumerable<(string Name, int[] Shape, float[] Data)> Tensors(VggWeights weights, float[] classifier)
    {
        yield return ("classifier.0.weight", [classifier.Length], classifier);
        var position = 0;
        foreach (var c in weights.Convolutions)
        {
            if (c.Layer is { Index: 1, Block: > 1 }) position++;
            yield return ($"features.{position}.weight", [c.OutChannels, c.InChannels, 3, 3], c.Kernel);
            yield return ($"features.{position}.bias", [c.OutChannels], c.Bias);
            position += 2;
        }
        yield return ("classifier.3.weight", [classifier.Length], classifier);
    }

    private static byte[] Bytes(float[] values) => System.Runtime.InteropServices.MemoryMarshal.AsBytes<float>(values).ToArray();

    private static byte[] Text(string text) => [(byte)'X', .. BitConverter.GetBytes(text.Length), .. Encoding.ASCII.GetBytes(text)];

    private static byte[] Int(int value) => [(byte)'J', .. BitConverter.GetBytes(value)];
}

using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using NeuralStyle.Runtime.Files;
using NeuralStyle.Vgg;

namespace NeuralStyle.Weights;

/// <summary>How numbers are written to a weights file.</summary>
internal enum NumberFormat
{
    /// <summary>As they are.</summary>
    Float32,

    /// <summary>Half the size; no visible loss in pictures.</summary>
    Float16,

    /// <summary>A quarter of the size: kernels in 255 steps, with a step size per filter; biases stay float32.</summary>
    EightBit,
}

/// <summary>
/// Writes convolutions as the .npz that NumPy and the tutorials read: <c>convB_I_W</c> (H×W×In×Out), <c>convB_I_b</c>, and the
/// entry about preprocessing. The same weights always give the same bytes. In 8 bits, <c>convB_I_s</c> (Out) holds the size of a step.
/// </summary>
internal static class NpzWriter
{
    // The earliest date that a zip file can hold: a real date would make every file different.
    private static readonly DateTimeOffset Epoch = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Writes a file; an earlier one is replaced only when everything is written.</summary>
    /// <param name="path">Name of the file; its folder must exist.</param>
    /// <param name="weights">What to write.</param>
    /// <param name="format">How numbers are written.</param>
    /// <param name="source">Where the weights came from, for people who look into the file.</param>
    /// <param name="keep">Whether a file that is there when everything is written stays; this one then gets a free name.</param>
    /// <returns>The file that was written.</returns>
    /// <exception cref="InvalidInputException">The folder is not there or not writable, or a value is too large for float16.</exception>
    /// <exception cref="RunFailedException">Writing failed, for instance because the disk is full.</exception>
    public static string Write(string path, VggWeights weights, NumberFormat format = NumberFormat.Float32, string? source = null,
        bool keep = false) =>
        AtomicFile.Write(path, temporary =>
    {
        using var zip = new ZipArchive(File.Create(temporary), ZipArchiveMode.Create);
        foreach (var convolution in weights.Convolutions)
        {
            var name = convolution.Layer.ConvolutionName;
            int[] shape = [3, 3, convolution.InChannels, convolution.OutChannels];
            if (format == NumberFormat.EightBit)
            {
                var (whole, steps) = Steps(convolution);
                WriteEntry(zip, name + "_W", "|i1", shape, ToHwio<sbyte>(convolution, whole).Select(value => (byte)value).ToArray());
                WriteArray(zip, name + "_s", [convolution.OutChannels], steps, half: false);
            }
            else
            {
                WriteArray(zip, name + "_W", shape, ToHwio<float>(convolution, convolution.Kernel), format == NumberFormat.Float16);
            }
            WriteArray(zip, name + "_b", [convolution.OutChannels], convolution.Bias, format == NumberFormat.Float16);
        }
        var text = Encoding.UTF8.GetBytes(new WeightsMetadata(weights.Preprocessing, weights.Padding, source, weights.ContentFactor == 1
            ? null
            : weights.ContentFactor).ToJson());
        WriteEntry(zip, WeightsMetadata.EntryName, "|u1", [text.Length], text);
    }, keep);

    private static void WriteArray(ZipArchive zip, string name, int[] shape, float[] values, bool half)
    {
        var size = half ? 2 : 4;
        var bytes = new byte[values.Length * size];
        for (var i = 0; i < values.Length; i++)
        {
            if (!half) BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * size), values[i]);
            else if (Half.IsFinite((Half)values[i])) BinaryPrimitives.WriteHalfLittleEndian(bytes.AsSpan(i * size), (Half)values[i]);
            else
                throw new InvalidInputException(string.Create(CultureInfo.InvariantCulture,
                    $"the array '{name}' holds {values[i]}, too large for float16; write float32 instead"));
        }
        WriteEntry(zip, name, half ? "<f2" : "<f4", shape, bytes);
    }

    private static void WriteEntry(ZipArchive zip, string name, string descr, int[] shape, byte[] bytes)
    {
        // Trained weights hardly compress, except as integer steps: few of them are large.
        var entry = zip.CreateEntry(name + ".npy", descr == "|i1" ? CompressionLevel.SmallestSize : CompressionLevel.NoCompression);
        entry.LastWriteTime = Epoch;
        using var stream = entry.Open();
        var sizes = shape.Length == 1 ? $"{shape[0]}," : string.Join(", ", shape);
        var header = $"{{'descr': '{descr}', 'fortran_order': False, 'shape': ({sizes}), }}";
        const int start = 10;
        header = header.PadRight((start + header.Length + 1 + 63) / 64 * 64 - start - 1) + "\n"; // elements begin at a multiple of 64
        stream.Write([0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y', 1, 0, (byte)header.Length, (byte)(header.Length >> 8)]);
        stream.Write(Encoding.ASCII.GetBytes(header));
        stream.Write(bytes);
    }

    /// <summary>Rounds each filter to integer steps, so that 127 is its largest weight.</summary>
    private static (sbyte[] Whole, float[] Steps) Steps(ConvolutionWeights convolution)
    {
        var each = convolution.Kernel.Length / convolution.OutChannels;
        var whole = new sbyte[convolution.Kernel.Length];
        var steps = new float[convolution.OutChannels];
        for (var filter = 0; filter < steps.Length; filter++)
        {
            var values = convolution.Kernel.AsSpan(filter * each, each);
            var largest = 0f;
            foreach (var value in values) largest = Math.Max(largest, Math.Abs(value));
            steps[filter] = largest > 0 ? largest / sbyte.MaxValue : 1;
            for (var i = 0; i < each; i++) whole[filter * each + i] = (sbyte)MathF.Round(values[i] / steps[filter]);
        }
        return (whole, steps);
    }

    private static T[] ToHwio<T>(ConvolutionWeights convolution, T[] kernel)
    {
        var (outChannels, inChannels) = (convolution.OutChannels, convolution.InChannels);
        var values = new T[kernel.Length];
        for (int o = 0, from = 0; o < outChannels; o++)
        {
            for (var i = 0; i < inChannels; i++)
            {
                for (var pixel = 0; pixel < 9; pixel++, from++) values[(pixel * inChannels + i) * outChannels + o] = kernel[from];
            }
        }
        return values;
    }
}

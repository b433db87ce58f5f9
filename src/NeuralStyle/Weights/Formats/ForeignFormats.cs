using System.Text;

namespace NeuralStyle.Weights.Formats;

/// <summary>Formats that nst recognises but does not read, with advice.</summary>
internal static class ForeignFormats
{
    private const int Looked = 512;

    private static readonly (byte[] Signature, int At, string What, string Remedy)[] Signatures =
    [
        ([4, 0, 0, 0, 1, 0, 0, 0, 3, 0, 0, 0, (byte)'V', (byte)' ', (byte)'1'], 0, Torch7, Torch7Remedy),
        ([3, 0, 0, 0, 1, 0, 0, 0], 0, Torch7, Torch7Remedy), // a table
        ("4\n1\n3\nV 1\n"u8.ToArray(), 0, Torch7, Torch7Remedy), // in ASCII
        ("TFL3"u8.ToArray(), 4, "a TensorFlow Lite model", "use the model that it was made from"),
        ([0x12, 1, 0, 0, 0, 0, 0, 0], 0, "an MXNet file (.params)", "save its arrays with numpy.savez"),
        ("GGUF"u8.ToArray(), 0, "a GGUF file", "nst needs a VGG-16 or VGG-19"),
        ("version https://git-lfs"u8.ToArray(), 0, "a git-lfs pointer instead of the file", "fetch the file itself with: git lfs pull"),
        ([0x1F, 0x8B], 0, "a gzip file", "unpack it with gunzip and give what is inside"),
        ("BZh"u8.ToArray(), 0, "a bzip2 file", "unpack it with bunzip2 and give what is inside"),
        ([0xFD, (byte)'7', (byte)'z', (byte)'X', (byte)'Z'], 0, "an xz file", "unpack it and give what is inside"),
        ([0x28, 0xB5, 0x2F, 0xFD], 0, "a Zstandard file", "unpack it and give what is inside"),
        ([(byte)'7', (byte)'z', 0xBC, 0xAF], 0, "a 7z file", "unpack it and give what is inside"),
        ("Rar!"u8.ToArray(), 0, "a RAR file", "unpack it and give what is inside"),
        ("ustar"u8.ToArray(), 257, "a tar file", "unpack it and give what is inside"),
        ([0x89, (byte)'P', (byte)'N', (byte)'G'], 0, "a picture", "give the weights of a VGG"),
        ([0xFF, 0xD8, 0xFF], 0, "a picture", "give the weights of a VGG"),
    ];

    private const string Torch7 = "a Torch7 file (.t7)",
        Torch7Remedy = "use a .pth or .caffemodel of the same network, or convert it with PyTorch before 1.0 (load_lua)";

    /// <summary>Fails if a file is in one of these formats.</summary>
    /// <exception cref="WeightsFormatException">It is; the message names the format and says what to do.</exception>
    public static void Refuse(IByteSource source)
    {
        var start = source.ReadBytes(0, (int)Math.Min(Looked, source.Length));
        foreach (var (signature, at, what, remedy) in Signatures)
        {
            if (start.AsSpan(Math.Min(at, start.Length)).StartsWith(signature)) throw Refusal(what, remedy);
        }
        var text = Encoding.UTF8.GetString(start).TrimStart('\uFEFF', ' ', '\t', '\r', '\n');
        if (text.StartsWith("<!doctype", StringComparison.OrdinalIgnoreCase)
            || text.StartsWith("<html", StringComparison.OrdinalIgnoreCase))
            throw Refusal("a web page instead of the file", "download the file again, or get one with: nst weights fetch");
        if (text.StartsWith("<?xml", StringComparison.Ordinal))
            throw Refusal("XML: an error message of a server, or an OpenVINO model",
                "download the file again, or give the model that it was made from");
        if (text.StartsWith('{')
            && (text.Contains("modelTopology", StringComparison.Ordinal) || text.Contains("weightsManifest", StringComparison.Ordinal)))
            throw Refusal("a TensorFlow.js model", "convert it with tensorflowjs_converter to Keras (.h5)");
        if (text.StartsWith('{')) throw Refusal("JSON, not weights", "give the weights file that belongs to it");
    }

    /// <summary>One line that names a format and says what to do.</summary>
    public static WeightsFormatException Refusal(string what, string remedy) => new($"it is {what}, which nst does not read; {remedy}");
}

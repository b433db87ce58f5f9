using System.IO.Compression;
using System.Text;
using NeuralStyle.Weights;

namespace NeuralStyle.Tests.Weights;

/// <summary>The pickle interpreter executes nothing and knows nothing but tensors.</summary>
public sealed class PickleTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("\x80\u0002cos\nsystem\nX\x05\0\0\0touch\x85R.", "'os.system'")]
    [InlineData("\x80\u0004\x8c\u0002os\x8c\u0006system\x93\x8c\u0005touch\x85R.", "'os.system'")] // protocol 4
    [InlineData("\x80\u0002c__builtin__\neval\nX\x01\0\0\0a\x85R.", "'__builtin__.eval'")]
    [InlineData("\x80\u0002ctorch\nload\n)R.", "'torch.load'")]
    [InlineData("\x80\x02(X\x02\0\0\0osios\nsystem\n.", "0x69")] // INST
    [InlineData("\x80\x06.", "protocol 6")]
    [InlineData("\x80\u0002cos\nsystem\n.", "no dictionary")] // named, never called
    [InlineData("\x80\u0002cos\nsystem\nX\x05\0\0\0touch\x85\x81}b.", "no dictionary")] // an object of any class is its attributes
    [InlineData("\x80\u0002cbuiltins\nexec\n)\x81N.", "damaged")]
    [InlineData("\x80\x02}]}\x86s.", "damaged")] // a list as key
    [InlineData("\x80\x02.", "damaged")]
    [InlineData("\x80\x02}N.", "damaged")] // two results
    [InlineData("\x80\x02(t0.", "0x30")] // POP
    [InlineData("\x80\x02h\x05.", "damaged")] // recalls what was never stored
    [InlineData("\x80\x02X\xff\xff\xff\x7f.", "truncated")] // a string of 2 GB
    [InlineData("\x80\x02]q\0h\0\x61.", "no dictionary")] // a list that holds itself
    [InlineData("\x80\x02}", "byte")] // ends early
    public void What_weights_do_not_need_is_refused(string pickle, string expected) => Refused(Encoding.Latin1.GetBytes(pickle), expected);

    [Fact]
    public void An_endless_pickle_is_refused() => Refused([0x80, 2, .. Enumerable.Repeat((byte)'}', 100_000), (byte)'.'], "far too long");

    [Fact]
    public void A_tensor_beyond_its_storage_is_refused()
    {
        // OrderedDict of one tensor of 64 elements in a storage of 4
        var pickle =
            "\x80\x02}X\x11\0\0\0features.0.weightctorch._utils\n_rebuild_tensor_v2\n((X\x07\0\0\0storagectorch\nFloatStorage\n"
                + "X\x01\0\0\00X\x03\0\0\0cpuK\x04tQK\0(K\x04K\x04K\x02K\x02t(K\x10K\x04K\x02K\x01t\x89}tRs.";
        var bias = pickle.Replace("X\x11\0\0\0features.0.weight", "X\x0f\0\0\0features.0.bias")[3..^2];
        var both = pickle[..^1] + bias + "s.";
        Refused(Encoding.Latin1.GetBytes(both), "reaches beyond its storage");
    }

    private void Refused(byte[] pickle, string expected)
    {
        using (var zip = new ZipArchive(File.Create(_folder["w.pth"]), ZipArchiveMode.Create))
        {
            using (var stream = zip.CreateEntry("archive/data.pkl", CompressionLevel.NoCompression).Open()) stream.Write(pickle);
            using (var stream = zip.CreateEntry("archive/data/0", CompressionLevel.NoCompression).Open()) stream.Write(new byte[16]);
        }
        var message = Assert.Throws<InvalidInputException>(() => WeightsFile.Load(_folder["w.pth"])).Message;
        Assert.Contains(expected, message);
        Assert.DoesNotContain('\n', message);
    }
}

using System.Text;
using NeuralStyle.Tests.Infra;
using NeuralStyle.Weights;

namespace NeuralStyle.Tests.Weights;

/// <summary>Files of formats that nst does not read are named, with what to do about them.</summary>
public sealed class ForeignFormatsTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("\x04\0\0\0\x01\0\0\0\x03\0\0\0V 1\x11\0\0\0nn.Sequential", "Torch7", ".caffemodel")]
    [InlineData("\x03\0\0\0\x01\0\0\0\x10\0\0\0", "Torch7", ".pth")]
    [InlineData("4\n1\n3\nV 1\n13\nnn.Sequential\n", "Torch7", ".pth")]
    [InlineData("\x1c\0\0\0TFL3\x14\0\x20\0", "TensorFlow Lite", "made from")]
    [InlineData("\x12\x01\0\0\0\0\0\0\0\0\0\0\0\0\0\0", "MXNet", "numpy.savez")]
    [InlineData("<!DOCTYPE html><html><head><title>404</title>", "web page", "download the file again")]
    [InlineData("\n\n<html>Google Drive - Virus scan warning", "web page", "nst weights fetch")]
    [InlineData("<?xml version='1.0'?><Error><Code>AccessDenied</Code>", "XML", "download the file again")]
    [InlineData("version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 574671192\n", "git-lfs pointer", "git lfs pull")]
    [InlineData("{\"format\": \"layers-model\", \"modelTopology\": {}, \"weightsManifest\": []}", "TensorFlow.js",
        "tensorflowjs_converter")]
    [InlineData("{\"class_name\": \"Functional\"}", "JSON", "belongs to it")]
    [InlineData("\x1f\u008b\x08\0\0\0\0\0", "gzip", "gunzip")]
    [InlineData("BZh91AY&SY", "bzip2", "bunzip2")]
    [InlineData("\u0089PNG\r\n\x1a\n", "picture", "VGG")]
    [InlineData("MATLAB 7.3 MAT-file, Platform: GLNXA64, HDF5 schema 1.00", "7.3", "-v7")]
    // specificationVersion, description, neuralNetwork (500)
    [InlineData("\u0008\u0006\u0012\u0004abcd\u00a2\u001f\u0002\u0008\u0001", "Core ML", "ONNX")]
    // node, versions
    [InlineData("\u000a\u000d\u000a\u0005input\u0012\u0004Cons\u0022\u0003\u0008\u00c0\u0001", "TensorFlow graph", "checkpoint")]
    [InlineData("\u0080\x02}q\0X\x03\0\0\0abcK\x01s.", "pickle", "neither")]
    [InlineData("random text that is nothing in particular", "none of the formats", ".caffemodel")]
    public void A_file_of_another_format_is_named_with_what_to_do(string content, string what, string remedy)
    {
        File.WriteAllBytes(_folder["weights"], Encoding.Latin1.GetBytes(content));
        var message = Assert.Throws<InvalidInputException>(() => WeightsFile.Load(_folder["weights"])).Message;
        Assert.Contains(what, message);
        Assert.Contains(remedy, message);
        Assert.DoesNotContain('\n', message);
    }

    [Theory]
    [InlineData("cccp1/0", "Network in Network")]
    [InlineData("layer1.0.conv1.weight", "ResNet")]
    [InlineData("inception_3a/1x1/0", "Inception")]
    [InlineData("visual.conv1.weight", "CLIP")]
    public void Another_network_is_named_by_its_layers(string name, string network) =>
        Refused(new NpzBuilder().Add(name, [1, 1, 1, 1], [0]), network);

    [Fact]
    public void A_decoder_is_suspected_by_its_channels() =>
        Refused(new NpzBuilder().Add("features.0.weight", [256, 512, 3, 3], new float[256 * 512 * 9]).Add("features.0.bias", [256],
            new float[256]), "is it a decoder?");

    [Fact]
    public void A_normalisation_that_cannot_be_placed_is_not_left_out() =>
        Refused(new NpzBuilder().Add(SmallVgg.Create([2, 1])).Add("some_norm_running_var", [4], new float[4]), "batch normalisation");

    [Fact]
    public void A_single_array_says_what_is_expected()
    {
        File.WriteAllBytes(_folder["conv1_1_W.npy"], [.. NpzBuilder.Header("<f4", false, [3, 3, 3, 4], 1), .. new byte[432]]);
        Assert.Contains("a folder of .npy files",
            Assert.Throws<InvalidInputException>(() => WeightsFile.Load(_folder["conv1_1_W.npy"])).Message);
    }

    private void Refused(NpzBuilder builder, string expected)
    {
        builder.Save(_folder["w.npz"]);
        Assert.Contains(expected, Assert.Throws<InvalidInputException>(() => WeightsFile.Load(_folder["w.npz"])).Message);
    }
}

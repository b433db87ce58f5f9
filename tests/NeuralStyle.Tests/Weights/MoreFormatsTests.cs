using NeuralStyle.Tests.Infra;
using NeuralStyle.Vgg;
using NeuralStyle.Weights;

namespace NeuralStyle.Tests.Weights;

/// <summary>Formats of other tools, and other ways of naming and nesting, give the same network as numpy.npz or its beginning.</summary>
public sealed class MoreFormatsTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("matconvnet.mat", "mat", "caffe-rgb", 6)]
    [InlineData("matconvnet-compressed.mat", "mat", "caffe-rgb", 6)]
    [InlineData("dictionary.npy", "npy (dictionary)", "caffe-bgr", 6)]
    [InlineData("paddle.pdparams", "pickle", "torchvision", 6)]
    [InlineData("chainercv.npz", "npz", "caffe-rgb", 6)]
    [InlineData("caffe.caffemodel", "caffemodel", "caffe-bgr", 6)]
    [InlineData("caffe-2014.caffemodel", "caffemodel", "caffe-bgr", 6)]
    [InlineData("caffe-2013.caffemodel", "caffemodel", "caffe-bgr", 6)]
    [InlineData("adain.pth", "pth (legacy)", "caffe-bgr", 6)]
    [InlineData("wct.pth", "pth (zip)", "caffe-bgr", 6)]
    [InlineData("collaborative.pth", "pth (zip)", "caffe-bgr", 6)]
    [InlineData("keras3.weights.h5", "h5", "caffe-bgr", 6)]
    [InlineData("model.keras", "keras", "caffe-bgr", 6)]
    [InlineData("keras-optimizer.h5", "h5", "caffe-bgr", 6)]
    [InlineData("gluon.onnx", "onnx", "torchvision", 16)]
    [InlineData("caffe2.onnx", "onnx", "caffe-bgr", 6)]
    [InlineData("numbered.onnx", "onnx", "torchvision", 6)]
    [InlineData("exported.onnx", "onnx", "torchvision", 5)]
    [InlineData("module.pth", "pth (zip)", "torchvision", 16)]
    [InlineData("module-legacy.pth", "pth (legacy)", "torchvision", 16)]
    [InlineData("script.pt", "pth (zip)", "torchvision", 16)]
    [InlineData("nested.pth", "pth (zip)", "torchvision", 5)]
    [InlineData("slim.ckpt", "ckpt", "caffe-rgb", 6)]
    [InlineData("slim.index", "ckpt (index and data)", "caffe-rgb", 6)]
    [InlineData("slim.data-00000-of-00001", "ckpt (index and data)", "caffe-rgb", 6)]
    [InlineData("slim", "ckpt (index and data)", "caffe-rgb", 6)]
    public void Every_format_gives_bit_identical_values(string file, string format, string preprocessing, int convolutions)
    {
        var actual = WeightsFile.Load(Data(file));
        SmallVgg.AssertSame(Reference(convolutions), actual);
        var inspection = WeightsFile.Inspect(Data(file));
        Assert.Equal(format, inspection.Format);
        Assert.Equal(preprocessing, PreprocessingNames.NameOf(actual.Preprocessing));
        Assert.Equal(actual.Preprocessing, inspection.Preprocessing);
    }

    [Theory]
    [InlineData("adain.pth")]
    [InlineData("wct.pth")]
    [InlineData("collaborative.pth")]
    public void Encoders_with_a_colour_layer_are_padded_by_reflection_and_their_preprocessing_is_no_guess(string file)
    {
        Assert.Equal(PaddingMode.Reflect, WeightsFile.Load(Data(file)).Padding);
        Assert.False(WeightsFile.Inspect(Data(file)).IsPreprocessingGuessed);
    }

    [Fact]
    public void The_mean_of_a_MatConvNet_file_is_its_own_word()
    {
        Assert.Equal("the file says so", WeightsFile.Inspect(Data("matconvnet.mat")).PreprocessingReason);
        Assert.Equal("the file says so", WeightsFile.Inspect(Data("matconvnet-compressed.mat")).PreprocessingReason);
    }

    [Fact]
    public void Batch_normalisation_is_folded_as_torch_folds_it()
    {
        var expected = WeightsFile.Load(Data("bn-folded.npz"));
        var actual = WeightsFile.Load(Data("bn.pth"));
        Assert.Equal(4, actual.Convolutions.Count);
        foreach (var (e, a) in expected.Convolutions.Zip(actual.Convolutions))
        {
            Assert.Equal(e.Layer, a.Layer);
            Assert.All(e.Kernel.Concat(e.Bias)
                .Zip(a.Kernel.Concat(a.Bias)), pair => Assert.Equal(pair.First, pair.Second, 1e-6f * Math.Max(1, Math.Abs(pair.First))));
        }
        Assert.All(WeightsFile.Inspect(Data("bn.pth")).Layers, layer => Assert.True(layer.IsNormalized));
    }

    [Fact]
    public void A_checkpoint_without_its_values_says_which_file_is_missing()
    {
        File.Copy(Data("slim.index"), _folder["slim.index"]);
        Assert.Contains("put its file .data-00000-of-00001",
            Assert.Throws<InvalidInputException>(() => WeightsFile.Load(_folder["slim.index"])).Message);
    }

    [Fact]
    public void A_changed_value_in_a_checkpoint_is_noticed_by_its_checksum()
    {
        File.Copy(Data("slim.index"), _folder["slim.index"]);
        var bytes = File.ReadAllBytes(Data("slim.data-00000-of-00001"));
        bytes[0] ^= 1;
        File.WriteAllBytes(_folder["slim.data-00000-of-00001"], bytes);
        Assert.Contains("checksum (CRC-32C)", Assert.Throws<InvalidInputException>(() => WeightsFile.Load(_folder["slim.index"])).Message);
    }

    private static VggWeights Reference(int convolutions)
    {
        var all = WeightsFile.Load(Data("numpy.npz"));
        return all with { Convolutions = all.Convolutions.Take(convolutions).ToArray() };
    }

    private static string Data(string file) => Path.Combine(AppContext.BaseDirectory, "Data", "weights", file);
}

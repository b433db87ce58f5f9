using System.IO.Compression;
using NeuralStyle.Vgg;
using NeuralStyle.Weights;

namespace NeuralStyle.Tests.Weights;

/// <summary>Files that the real tools wrote (Data/weights/make.py) all give the same network, bit for bit.</summary>
public sealed class FormatsTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string, string, Preprocessing> Files => new()
    {
        { "numpy-compressed.npz", "npz", new Preprocessing(ChannelOrder.Bgr, 1, [0.1f, 0.2f, 0.3f], [0.5f, 0.5f, 0.5f]) },
        { "model.safetensors", "safetensors", Preprocessing.Torchvision },
        { "torch-zip.pth", "pth (zip)", Preprocessing.Torchvision },
        { "torch-views.pth", "pth (zip)", Preprocessing.Torchvision },
        { "torch-checkpoint.pth", "pth (zip)", Preprocessing.Torchvision },
        { "torch-legacy.pth", "pth (legacy)", Preprocessing.Torchvision },
        { "torch-checkpoint-legacy.pth", "pth (legacy)", Preprocessing.Torchvision },
        { "keras.h5", "h5", Preprocessing.CaffeBgr },
        { "keras2.h5", "h5", Preprocessing.CaffeBgr },
    };

    [Theory, MemberData(nameof(Files))]
    public void Every_format_gives_bit_identical_values(string file, string format, Preprocessing preprocessing)
    {
        var actual = WeightsFile.Load(Data(file));
        SmallVgg.AssertSame(Reference(), actual);
        Assert.Equal(preprocessing, actual.Preprocessing);
        Assert.Equal(format, WeightsFile.Inspect(Data(file)).Format);
        Assert.Equal(WeightsHash.OfValues(Reference().Convolutions), WeightsHash.OfValues(actual.Convolutions));
    }

    [Fact]
    public void A_file_of_the_latest_HDF5_version_is_read()
    {
        var actual = WeightsFile.Load(Data("keras-latest.h5"));
        SmallVgg.AssertSame(Reference() with { Convolutions = Reference().Convolutions.Take(4).ToArray() }, actual);
    }

    [Fact]
    public void A_folder_of_arrays_is_read()
    {
        ZipFile.ExtractToDirectory(Data("numpy.npz"), _folder["arrays"]);
        var actual = WeightsFile.Load(_folder["arrays"]);
        SmallVgg.AssertSame(Reference(), actual);
        Assert.Equal(Preprocessing.CaffeRgb, actual.Preprocessing);
        File.WriteAllText(_folder["arrays", "preprocessing.json"], """{"padding":"reflect"}""");
        Assert.Equal(PaddingMode.Reflect, WeightsFile.Load(_folder["arrays"]).Padding);
    }

    [Fact]
    public void What_convert_writes_gives_the_same_values_and_preprocessing()
    {
        foreach (var row in Files)
        {
            var weights = WeightsFile.Load(Data(row.Data.Item1));
            NpzWriter.Write(_folder["converted.npz"], weights);
            var actual = WeightsFile.Load(_folder["converted.npz"]);
            SmallVgg.AssertSame(weights, actual);
            Assert.Equal(weights.Preprocessing, actual.Preprocessing);
            Assert.Equal(weights.Padding, actual.Padding);
        }
    }

    [Fact]
    public void The_name_of_a_known_file_decides_its_preprocessing()
    {
        File.Copy(Data("torch-legacy.pth"), _folder["vgg19-d01eb7cb.pth"]);
        var inspection = WeightsFile.Inspect(_folder["vgg19-d01eb7cb.pth"]);
        Assert.Equal(Preprocessing.CaffeBgr, inspection.Preprocessing);
        Assert.Equal("its file name is that of vgg19-caffe", inspection.PreprocessingReason);
    }

    [Fact]
    public void An_inspection_tells_what_is_there_and_what_is_missing()
    {
        var full = WeightsFile.Inspect(Data("torch-zip.pth"));
        Assert.Equal(("VGG-19", 0), (full.Topology.Network, full.Topology.Missing.Count));
        Assert.Equal(["classifier.0.bias", "classifier.0.weight"], full.Unused);
        Assert.Equal("OutxInxHxW", full.Layout);
        Assert.Equal("4x3x3x3", full.Layers[0].Shape);
        Assert.Equal("HxWxInxOut", WeightsFile.Inspect(Data("keras.h5")).Layout);
        Assert.Equal("float64, big-endian", WeightsFile.Inspect(Data("keras-latest.h5")).Layers[0].NumberFormat);
        NpzWriter.Write(_folder["w.npz"], SmallVgg.Create([2, 2, 3, 2]));
        var truncated = WeightsFile.Inspect(_folder["w.npz"]);
        Assert.Equal("VGG-16", truncated.Topology.Network);
        Assert.Equal("relu4_3 relu5_1 relu5_2 relu5_3", string.Join(' ', truncated.Topology.Missing));
    }

    private static VggWeights Reference() => WeightsFile.Load(Data("numpy.npz"));

    private static string Data(string file) => Path.Combine(AppContext.BaseDirectory, "Data", "weights", file);
}

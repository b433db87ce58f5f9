using NeuralStyle.Tests.Infra;
using NeuralStyle.Vgg;
using NeuralStyle.Weights;

namespace NeuralStyle.Tests.Weights;

public sealed class NpzTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory, CombinatorialNpz]
    public void Every_number_format_order_and_packing_gives_the_same_values(string descr, bool fortran, bool deflate, bool oihw,
        int version)
    {
        var expected = SmallVgg.Create([2, 1]);
        var path = new NpzBuilder(descr, fortran, deflate, version).Add(expected, oihw).Save(_folder["w.npz"]);
        var actual = WeightsFile.Load(path);
        SmallVgg.AssertSame(expected, actual);
        Assert.Equal("w.npz", actual.Name);
    }

    [Theory]
    [InlineData(new[] { 2, 2, 4, 4, 4 }, "relu5_4")]
    [InlineData(new[] { 2, 2, 3, 3, 3 }, "relu5_3")]
    [InlineData(new[] { 2, 2, 3 }, "relu3_3")]
    [InlineData(new[] { 1 }, "relu1_1")]
    public void The_topology_comes_from_the_file(int[] blocks, string deepest)
    {
        var expected = SmallVgg.Create(blocks);
        var actual = WeightsFile.Load(new NpzBuilder().Add(expected).Save(_folder["w.npz"]));
        SmallVgg.AssertSame(expected, actual);
        Assert.Equal(VggLayer.Parse(deepest), actual.Deepest);
    }

    [Fact]
    public void Three_channel_kernels_are_ambiguous_alone_and_follow_their_neighbours()
    {
        var random = new Random(2);
        ConvolutionWeights Convolution(int index, int outChannels, int inChannels) => new(new VggLayer(1, index), outChannels, inChannels,
            Enumerable.Range(0, outChannels * inChannels * 9).Select(_ => random.NextSingle()).ToArray(), new float[outChannels]);
        var expected = new VggWeights("x", "", [Convolution(1, 3, 3), Convolution(2, 5, 3)], Preprocessing.CaffeRgb, null);
        foreach (var oihw in new[] { false, true })
            SmallVgg.AssertSame(expected, WeightsFile.Load(new NpzBuilder().Add(expected, oihw).Save(_folder["w.npz"])));
    }

    [Fact]
    public void Fully_connected_arrays_are_never_looked_at()
    {
        var expected = SmallVgg.Create(SmallVgg.Vgg16);
        var path = new NpzBuilder().Add(expected).AddRaw("fc6_W.npy", [1, 2, 3]).AddRaw("fc8_b.npy", []).Save(_folder["w.npz"]);
        SmallVgg.AssertSame(expected, WeightsFile.Load(path));
    }

    [Fact]
    public void The_writer_and_the_reader_agree_on_values_preprocessing_and_padding()
    {
        var expected = SmallVgg.Create(preprocessing: Preprocessing.Torchvision, padding: PaddingMode.Reflect);
        foreach (var format in new[] { NumberFormat.Float32, NumberFormat.Float16 })
        {
            NpzWriter.Write(_folder["w.npz"], expected, format, "made by a test");
            var actual = WeightsFile.Load(_folder["w.npz"]);
            SmallVgg.AssertSame(expected, actual);
            Assert.Equal(Preprocessing.Torchvision, actual.Preprocessing);
            Assert.Equal(PaddingMode.Reflect, actual.Padding);
        }
    }

    [Fact]
    public void In_8_bits_each_weight_is_off_by_half_a_step_of_its_filter_at_most()
    {
        var expected = SmallVgg.Create(padding: PaddingMode.Replicate) with { ContentFactor = 1.5 };
        NpzWriter.Write(_folder["w.npz"], expected, NumberFormat.EightBit);
        var actual = WeightsFile.Load(_folder["w.npz"]);
        Assert.Equal(1.5, actual.ContentFactor);
        Assert.Equal(PaddingMode.Replicate, actual.Padding);
        foreach (var (e, a) in expected.Convolutions.Zip(actual.Convolutions))
        {
            Assert.Equal(e.Bias, a.Bias);
            var each = e.Kernel.Length / e.OutChannels;
            for (var filter = 0; filter < e.OutChannels; filter++)
            {
                var (from, to) = (e.Kernel[(filter * each)..((filter + 1) * each)], a.Kernel[(filter * each)..((filter + 1) * each)]);
                var step = from.Max(Math.Abs) / 127;
                Assert.All(from.Zip(to), pair => Assert.InRange(Math.Abs(pair.First - pair.Second), 0, step * 0.501));
            }
        }
        Assert.Contains("int8", WeightsFile.Inspect(_folder["w.npz"]).Layers[0].NumberFormat);
    }

    [Theory]
    [InlineData("conv1_1_s.npy", "8 bits without its steps")]
    [InlineData("conv1_1_b.npy", "no bias")]
    public void An_8_bit_file_that_lacks_a_part_is_refused(string member, string message)
    {
        NpzWriter.Write(_folder["w.npz"], SmallVgg.Create(), NumberFormat.EightBit);
        using (var zip = System.IO.Compression.ZipFile.Open(_folder["w.npz"], System.IO.Compression.ZipArchiveMode.Update))
            zip.GetEntry(member)!.Delete();
        Assert.Contains(message, Assert.Throws<InvalidInputException>(() => WeightsFile.Load(_folder["w.npz"])).Message);
    }

    [Fact]
    public void The_writer_gives_the_same_bytes_every_time()
    {
        NpzWriter.Write(_folder["a.npz"], SmallVgg.Create());
        Thread.Sleep(2100); // zip files keep times in steps of two seconds
        NpzWriter.Write(_folder["b.npz"], SmallVgg.Create());
        Assert.Equal(File.ReadAllBytes(_folder["a.npz"]), File.ReadAllBytes(_folder["b.npz"]));
    }

    [Fact]
    public void Values_too_large_for_half_precision_are_refused_and_leave_no_file()
    {
        var weights = SmallVgg.Create([1]);
        weights.Convolutions[0].Bias[0] = 1e6f;
        var failure = Assert.Throws<InvalidInputException>(() => NpzWriter.Write(_folder["w.npz"], weights, NumberFormat.Float16));
        Assert.Contains("1000000", failure.Message);
        Assert.Empty(Directory.GetFiles(_folder.Root));
    }

    [Fact]
    public void The_hash_is_that_of_the_file()
    {
        NpzWriter.Write(_folder["w.npz"], SmallVgg.Create());
        var expected = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(_folder["w.npz"])));
        Assert.Equal(expected, WeightsFile.Load(_folder["w.npz"]).Sha256);
    }

    [Theory]
    [InlineData("""{"order":"bgr","range":1,"mean":[0.1,0.2,0.3],"std":[1,2,3],"padding":"replicate"}""", ChannelOrder.Bgr, 1f,
        PaddingMode.Replicate)]
    [InlineData("""{"padding":"zero","source":"somewhere"}""", ChannelOrder.Rgb, 255f, PaddingMode.Zero)]
    [InlineData("{}", ChannelOrder.Rgb, 255f, null)]
    public void The_file_may_say_its_preprocessing(string json, ChannelOrder order, float range, PaddingMode? padding)
    {
        var weights = WeightsFile.Load(new NpzBuilder().Add(SmallVgg.Create([1])).AddText("preprocessing", json).Save(_folder["w.npz"]));
        Assert.Equal((order, range, padding), (weights.Preprocessing.Order, weights.Preprocessing.Range, weights.Padding));
    }

    [Fact]
    public void What_the_user_says_wins_over_the_file()
    {
        NpzWriter.Write(_folder["w.npz"], SmallVgg.Create([1], padding: PaddingMode.Reflect));
        var weights = WeightsFile.Load(_folder["w.npz"], new WeightsOverrides(Preprocessing.Torchvision, PaddingMode.Zero));
        Assert.Equal(Preprocessing.Torchvision, weights.Preprocessing);
        Assert.Equal(PaddingMode.Zero, weights.Padding);
    }

    [Fact]
    public void Real_encoders_load()
    {
        var slim = WeightsFile.Load(SharedData.Require("weights", "vgg19_slim.npz"));
        Assert.Equal(13, slim.Convolutions.Count);
        Assert.Equal([16, 16, 32, 32, 64, 64, 64, 64, 128, 128, 128, 128, 128], slim.Convolutions.Select(c => c.OutChannels));
        Assert.Equal(VggLayer.Parse("relu3_1"), WeightsFile.Load(SharedData.Require("weights", "vgg19_conv3_1.npz")).Deepest);
    }

    private sealed class CombinatorialNpzAttribute : Xunit.v3.DataAttribute
    {
        public override ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(System.Reflection.MethodInfo testMethod,
            Xunit.Sdk.DisposalTracker disposalTracker) =>
            ValueTask.FromResult<IReadOnlyCollection<ITheoryDataRow>>((
                from descr in new[] { "<f2", ">f2", "<f4", ">f4", "<f8", ">f8" }
                from fortran in new[] { false, true }
                from deflate in new[] { false, true }
                from oihw in new[] { false, true }
                select (ITheoryDataRow)new TheoryDataRow(descr, fortran, deflate, oihw, 1 + descr[2] % 3)).ToArray());

        public override bool SupportsDiscoveryEnumeration() => true;
    }
}

using System.Buffers.Binary;
using NeuralStyle.Weights;

namespace NeuralStyle.Tests.Weights;

public sealed class MalformedNpzTests : IDisposable
{
    private static readonly byte[] Good = new NpzBuilder(deflate: true).Add(SmallVgg.Create([2, 1])).ToBytes();

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_missing_file_is_named() => Refused(_folder["none.npz"], "does not exist");

    [Fact]
    public void An_empty_file_is_refused() => Refused([], "empty");

    [Fact]
    public void Something_else_is_refused() => Refused("this is no weights file at all"u8.ToArray(), "none of the formats");

    [Theory]
    [InlineData(0.01)]
    [InlineData(0.5)]
    [InlineData(0.999)]
    public void A_truncated_file_is_refused(double share) => Refused(Good[..(int)(Good.Length * share)], "cut off");

    [Fact]
    public void A_missing_bias_is_named() => Refused(Builder().Remove("conv1_2_b"), "conv1_2 has a kernel ('conv1_2_W') but no bias");

    [Fact]
    public void A_missing_kernel_is_named() => Refused(Builder().Remove("conv1_2_W"), "conv1_2 has a bias but no kernel");

    [Fact]
    public void A_missing_layer_is_named() =>
        Refused(Builder().Remove("conv1_2_W").Remove("conv1_2_b").Remove("conv1_1_W").Remove("conv1_1_b"),
            "it has conv2_1 but not conv1_1");

    [Fact]
    public void A_file_without_convolutions_says_what_it_found() =>
        Refused(new NpzBuilder().Add("foo", [1], [0]).Add("bar", [1], [0]), "found foo, bar");

    [Fact]
    public void Shapes_that_do_not_chain_are_refused() =>
        Refused(Builder().Add("conv1_2_W", [3, 3, 7, 5], new float[9 * 35]),
            "conv1_2 (3x3x7x5) takes 7 channels but the filters of conv1_1 give 5");

    [Fact]
    public void A_bias_of_another_length_is_refused() =>
        Refused(Builder().Add("conv1_2_b", [4], new float[4]), "bias of conv1_2 is 4; expected 5");

    [Fact]
    public void A_kernel_that_is_not_3x3_is_refused() =>
        Refused(Builder().Add("conv1_1_W", [5, 5, 3, 5], new float[375]), "5x5x3x5; expected 3x3xInxOut");

    [Fact]
    public void Kernels_of_two_layouts_are_refused() => Refused(Builder().Add("conv1_2_W", [5, 5, 3, 3], new float[225]), "another order");

    [Theory]
    [InlineData(float.NaN, "NaN")]
    [InlineData(float.PositiveInfinity, "infinite")]
    public void Values_that_are_no_numbers_are_refused(float value, string expected) =>
        Refused(Builder().Add("conv1_1_b", [5], [0, 0, value, 0, 0]), expected);

    [Theory]
    [InlineData("<i4")]
    [InlineData("|O")]
    [InlineData("<c8")]
    [InlineData("<f16")]
    public void Other_number_formats_are_refused(string descr) =>
        Refused(Builder().AddRaw("conv1_1_b.npy", [.. NpzBuilder.Header(descr, false, [5], 1), .. new byte[20]]),
            $"'{descr}'; expected float16, float32 or float64");

    [Theory]
    [InlineData("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (5,), }")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (5,)")]
    [InlineData("{'descr': '<f4', 'fortran_order': Maybe, 'shape': (5,)}")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (-5,)}")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999,)}")]
    [InlineData("{'descr': '<f4', 'fortran_order': False}")]
    [InlineData("__import__('os').system('true')")]
    public void Damaged_headers_are_refused(string header)
    {
        byte[] bytes = [0x93, .. "NUMPY"u8, 1, 0, (byte)header.Length, 0, .. System.Text.Encoding.ASCII.GetBytes(header), .. new byte[20]];
        Refused(Builder().AddRaw("conv1_1_b.npy", bytes), "'conv1_1_b' cannot be used");
    }

    [Fact]
    public void An_array_shorter_than_its_shape_is_refused() =>
        Refused(Builder().AddRaw("conv1_1_b.npy", [.. NpzBuilder.Header("<f4", false, [5], 1), .. new byte[19]]), "ends early");

    [Fact]
    public void An_array_longer_than_its_shape_is_refused() =>
        Refused(Builder().AddRaw("conv1_1_b.npy", [.. NpzBuilder.Header("<f4", false, [5], 1), .. new byte[21]]),
            "more bytes than its shape says");

    [Fact]
    public void A_flipped_bit_is_noticed_by_the_checksum()
    {
        var bytes = new NpzBuilder().Add(SmallVgg.Create([2, 1])).ToBytes();
        bytes[400] ^= 1; // within the values of conv1_1_W, stored
        Refused(bytes, "checksum");
    }

    [Fact]
    public void A_zip_bomb_is_refused_before_it_unpacks()
    {
        const int channels = 4096; // 151 million zeros, 604 MB, more than any VGG has, packed a thousand times smaller
        var bomb = new NpzBuilder(deflate: true)
            .Add("conv1_1_W", [3, 3, 3, channels], new float[27 * channels])
            .Add("conv1_1_b", [channels], new float[channels])
            .Add("conv1_2_W", [3, 3, channels, channels], new float[9 * channels * channels])
                .Add("conv1_2_b", [channels], new float[channels])
                .ToBytes();
        Assert.InRange(bomb.Length, 0, 1_000_000);
        File.WriteAllBytes(_folder["bomb.npz"], bomb);
        // warms up: the rules for names of layers take 11 MB, once in a process, whichever test comes first
        Refused(_folder["bomb.npz"], "claims to unpack");
        var before = GC.GetAllocatedBytesForCurrentThread();
        Refused(_folder["bomb.npz"], "claims to unpack");
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Fact]
    public void Sparse_and_quantised_weights_that_pack_well_are_no_bombs()
    {
        const int channels = 512;
        var kernel = new float[9 * channels * channels];
        for (var i = 0; i < kernel.Length; i += 97) kernel[i] = (i % 7 - 3) / 8f; // one in a hundred, of seven values
        var path = new NpzBuilder(deflate: true)
            .Add("conv1_1_W", [3, 3, 3, channels], new float[27 * channels])
            .Add("conv1_1_b", [channels], new float[channels])
            .Add("conv1_2_W", [3, 3, channels, channels], kernel)
                .Add("conv1_2_b", [channels], new float[channels])
                .Save(_folder["sparse.npz"]);
        Assert.True(new FileInfo(path).Length < sizeof(float) * kernel.Length / 10);
        Assert.Equal(kernel.Sum(), WeightsFile.Load(path).Convolutions[1].Kernel.Sum(), 0.01f);
    }

    [Fact]
    public void A_member_that_unpacks_to_more_than_declared_is_refused()
    {
        var bytes = Good.ToArray();
        var record = bytes.AsSpan().IndexOf("PK\x01\x02"u8);
        var size = bytes.AsSpan(record + 24, 4);
        BinaryPrimitives.WriteInt32LittleEndian(size, BinaryPrimitives.ReadInt32LittleEndian(size) - 1);
        Refused(bytes, "longer than its directory says");
    }

    [Theory]
    [InlineData("no json", "not JSON")]
    [InlineData("[]", "not a JSON object")]
    [InlineData("""{"order":"rgb"}""", "together")]
    [InlineData("""{"order":"rbg","range":255,"mean":[1,2,3],"std":[1,1,1]}""", "rbg")]
    [InlineData("""{"order":"rgb","range":0,"mean":[1,2,3],"std":[1,1,1]}""", "range")]
    [InlineData("""{"order":"rgb","range":1,"mean":[1,2],"std":[1,1,1]}""", "mean")]
    [InlineData("""{"order":"rgb","range":1,"mean":[1,2,3],"std":[1,0,1]}""", "std")]
    [InlineData("""{"padding":"3"}""", "padding")]
    [InlineData("""{"colour":"rgb"}""", "colour")]
    public void Wrong_preprocessing_is_refused(string json, string expected) => Refused(Builder().AddText("preprocessing", json), expected);

    private static NpzBuilder Builder() => new NpzBuilder().Add(SmallVgg.Create([2, 1]));

    private void Refused(NpzBuilder builder, string expected) => Refused(builder.ToBytes(), expected);

    private void Refused(byte[] bytes, string expected)
    {
        File.WriteAllBytes(_folder["w.npz"], bytes);
        Refused(_folder["w.npz"], expected);
    }

    private static void Refused(string path, string expected)
    {
        var message = Assert.Throws<InvalidInputException>(() => WeightsFile.Load(path)).Message;
        Assert.Contains(expected, message);
        Assert.Contains(path, message);
        Assert.DoesNotContain('\n', message);
    }
}

using NeuralStyle.Imaging;
using TorchSharp;
using static TorchSharp.torch;

namespace NeuralStyle.Tests.Imaging;

public sealed class TensorImageTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    public static TheoryData<string, int> LayoutsAndDepths { get; } =
        new MatrixTheoryData<string, int>(["planes", "transposed", "channels last", "part"], [8, 16]);

    [Theory]
    [MemberData(nameof(LayoutsAndDepths))]
    public void Values_are_clamped_and_rounded_as_torch_does(string layout, int bitDepth)
    {
        var image = Difficult(bitDepth);
        image = layout switch
        {
            "transposed" => image.transpose(2, 3),
            "channels last" => image.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2),
            "part" => image.narrow(2, 100, 61).narrow(3, 7, 113),
            _ => image,
        };
        using var made = new TensorImage(image, bitDepth);
        var white = bitDepth == 16 ? 65535 : 255;
        var expected = image.squeeze(0)
            .permute(1, 2, 0)
            .nan_to_num(0, 1, 0)
            .clamp(0, 1)
            .mul(white)
            .round()
            .to(ScalarType.Int32)
            .contiguous()
            .data<int>()
            .ToArray();
        Assert.Equal(expected, Samples(made, bitDepth));
    }

    [Fact]
    public void One_channel_makes_a_grey_picture()
    {
        using var made = new TensorImage(TinyNetworks.Picture(20, 30, 1).narrow(1, 0, 1), 16);
        Assert.Equal((20, 30, 1, NetVips.Enums.Interpretation.Grey16),
            (made.Image.Width, made.Image.Height, made.Image.Bands, made.Image.Interpretation));
    }

    [Fact]
    public void A_large_picture_keeps_its_size_and_its_last_row()
    {
        var image = zeros(1, 3, 2500, 3001); // once cut into strips of one height, the last of which was filled up with black
        image.narrow(2, 2499, 1).fill_(1);
        using var made = new TensorImage(image, 8);
        Assert.Equal((3001, 2500), (made.Image.Width, made.Image.Height));
        using var last = made.Image.ExtractArea(0, 2499, 3001, 1);
        Assert.Equal(255, last.Min());
        Assert.Equal(255.0 / 2500, made.Image.Avg(), 1e-9);
    }

    [Fact]
    public void The_memory_stays_until_the_picture_is_disposed_of()
    {
        TensorImage made;
        using (NewDisposeScope()) made = new TensorImage(full([1, 3, 300, 400], 0.4f), 8);
        using (made)
        {
            for (var i = 0; i < 10; i++)
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
                zeros(1, 3, 300, 400).Dispose(); // would lie where the picture lay
            }
            Assert.All(Samples(made, 8), sample => Assert.Equal(102, sample));
        }
    }

    [Fact]
    public void Pictures_in_memory_leave_no_tensor_behind()
    {
        var image = TinyNetworks.Picture(32, 32, 1);
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        for (var i = 0; i < 3; i++) EncodedPicture.Of(image, 80);
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    /// <summary>1×3×200×300 with values far outside, infinite and no numbers, and all that lie between two whole numbers.</summary>
    private static Tensor Difficult(int bitDepth)
    {
        manual_seed(7);
        var image = rand(1, 3, 200, 300) * 1.4 - 0.2;
        float[] special = [float.NaN, float.PositiveInfinity, float.NegativeInfinity, -0f, 0, 1, 2, -3, 1e30f, -1e30f, float.Epsilon];
        image[0, 1, 110].narrow(0, 20, special.Length).copy_(tensor(special));
        var white = bitDepth == 16 ? 65535 : 255;
        var halves = (arange(0, 255).to(ScalarType.Float32) + 0.5f) / white;
        image[0, 2, 120].narrow(0, 0, 255).copy_(halves);
        return image;
    }

    private static int[] Samples(TensorImage made, int bitDepth) => bitDepth == 16
        ? Array.ConvertAll(made.Image.WriteToMemory<ushort>(), sample => (int)sample)
        : Array.ConvertAll(made.Image.WriteToMemory<byte>(), sample => (int)sample);
}

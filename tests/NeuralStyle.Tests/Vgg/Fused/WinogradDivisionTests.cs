using CsCheck;
using NeuralStyle.Runtime.Lanes;
using NeuralStyle.Vgg.Fused;
using NeuralStyle.Vgg.Fused.Winograd;
using TorchSharp;
using static TorchSharp.torch;

namespace NeuralStyle.Tests.Vgg.Fused;

/// <summary>A convolution is divided over threads so that little is done twice, and every division gives the same bits.</summary>
public sealed class WinogradDivisionTests
{
    [Theory]
    [InlineData(20, 9, 1, 1, 1)]
    [InlineData(192, 9, 2, 2, 1)] // a group for each thread
    [InlineData(20, 9, 16, 1, 9)] // few tiles, many threads: no kernel is transformed twice
    [InlineData(3072, 3, 2, 26, 1)]
    [InlineData(1, 1, 64, 1, 1)]
    public void Groups_and_parts(int tiles, int panels, int threads, int groups, int parts) =>
        Assert.Equal((groups, parts), WinogradDivision.Of(tiles, panels, threads, 132));

    [Fact]
    public void No_group_is_too_large_and_no_part_empty() => Gen.Select(Gen.Int[1, 100_000], Gen.Int[1, 32], Gen.Int[1, 1024]).Sample(
        (tiles, panels, threads) =>
        {
            var (groups, parts) = WinogradDivision.Of(tiles, panels, threads, 132);
            return groups >= 1 && parts >= 1 && parts <= panels && groups <= tiles && (tiles + groups - 1) / groups <= 132;
        }, iter: 300);

    [Theory]
    [InlineData(13, 9, 32, 96)]
    [InlineData(70, 53, 64, 32)]
    public unsafe void Every_number_of_threads_gives_the_same_bits(int width, int height, int inputs, int outputs)
    {
        Assert.SkipUnless(VectorWidths.Supported.Count > 0, "no vectors here");
        using var scope = NewDisposeScope();
        using var generator = new Generator(5);
        var x = randn([1, height, width, inputs], generator: generator);
        var kernel = randn([outputs, inputs, 3, 3], generator: generator).data<float>().ToArray();
        Tensor? first = null;
        foreach (var threads in (int[])[1, 2, 3, 5, 16, 64])
        {
            var result = full([1, height, width, outputs], float.NaN); // what nobody writes stays
            fixed (float* data = kernel)
                WinogradConvolution.Run(Plane.Of(x), new WinogradKernels((nint)data, outputs, inputs, Backward: false), new WinogradStep(),
                    Plane.Of(result), VectorWidths.Supported[^1], threads);
            first ??= result;
            Assert.Equal(first, result);
            Assert.True(result.isfinite().all().ToBoolean());
        }
    }
}

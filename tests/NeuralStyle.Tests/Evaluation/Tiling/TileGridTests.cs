using CsCheck;
using NeuralStyle.Evaluation.Tiling;
using NeuralStyle.Vgg;

namespace NeuralStyle.Tests.Evaluation.Tiling;

public sealed class TileGridTests
{
    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(1, 2, 2)]
    [InlineData(2, 1, 4)]
    [InlineData(3, 1, 12)] // 1+1 + 2+2 + 4 = 10
    [InlineData(5, 1, 80)] // 2 + 4 + 16 + 32 + 16 = 70
    public void The_halo_is_the_receptive_field_rounded_up_to_the_stride(int block, int index, int expected)
    {
        int[] convolutions = [2, 2, 4, 4, 4];
        var layers = convolutions.SelectMany((count, b) => Enumerable.Range(1, count).Select(i => new VggLayer(b + 1, i)));
        Assert.Equal(expected, TileGrid.HaloOf(layers, new VggLayer(block, index)));
    }

    [Fact]
    public void Every_position_of_every_layer_belongs_to_exactly_one_tile() =>
        Gen.Select(Gen.Int[16, 400], Gen.Int[1, 200], Gen.Int[0, 4], Gen.Int[0, 5]).Sample((length, core, poolings, halo) =>
        {
            var stride = 1 << poolings;
            var sides = TileGrid.Cut(length, core, halo * stride, stride);
            for (var s = 1; s <= stride; s *= 2)
            {
                var owned = sides.SelectMany(side => Enumerable.Range(side.WholeAt(s).Start, side.WholeAt(s).Length)).ToArray();
                Assert.Equal(Enumerable.Range(0, length / s), owned);
                foreach (var side in sides)
                {
                    Assert.Equal(side.WholeAt(s).Length, side.CoreAt(s).Length);
                    Assert.InRange(side.CoreAt(s).End, 0, side.Outer.Length / s);
                }
            }
            Assert.Equal((0, length), (sides[0].Core.Start, sides[^1].Core.End));
        });
}

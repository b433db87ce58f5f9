using CsCheck;
using NeuralStyle.Evaluation.Tiling;
using NeuralStyle.Imaging;
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

    [Fact]
    public void Chosen_tiles_keep_within_their_limit_and_cost_hardly_more_than_squares_ever_do() =>
        Gen.Select(Gen.Int[100, 6000], Gen.Int[100, 6000], Gen.Int[300, 2000]).Sample((width, height, side) =>
        {
            const int Halo = 80, Stride = 16;
            var (size, limit) = (new PixelSize(width, height), (long)side * side);
            double Cost(TileSize tiles) => TileGrid.Of(size, tiles, Halo, Stride).Sum(tile => (double)tile.Rows.Outer.Length * tile.Columns.Outer.Length);
            Assert.All(TileGrid.Of(size, new TileSize(Pixels: limit), Halo, Stride), tile => Assert.InRange((long)tile.Rows.Outer.Length * tile.Columns.Outer.Length, 1, limit + Stride * (long)(side + width + height)));
            Assert.InRange(Cost(new TileSize(Pixels: limit)), 1, Cost(new TileSize(side - 2 * Halo)) * 1.05);
        }, iter: 300);
}

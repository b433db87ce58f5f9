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
    public void Chosen_tiles_keep_within_their_limit_and_cost_no_more_than_squares() =>
        Gen.Select(Gen.Int[100, 6000], Gen.Int[100, 6000], Gen.Int[300, 2000]).Sample((width, height, side) =>
        {
            const int Halo = 80, Stride = 16;
            var (size, limit) = (new PixelSize(width, height), (long)side * side);
            var (chosen, squares) = (TileGrid.Of(size, new TileSize(Pixels: limit), Halo, Stride).ToArray(),
                TileGrid.Of(size, new TileSize(side - 2 * Halo), Halo, Stride).ToArray());
            Assert.All(chosen, tile => Assert.InRange((long)tile.Rows.Outer.Length * tile.Columns.Outer.Length, 1, limit));
            Assert.InRange(Cost(chosen), 1, Cost(squares));

            // With every halo at its full width: what a thin last tile happens to save its neighbour is no merit of the squares.
            double Cost(Tile[] tiles) =>
                Side(width, tiles.DistinctBy(tile => tile.Columns).Count()) * Side(height, tiles.DistinctBy(tile => tile.Rows).Count());
            static double Side(int length, int count) => length + 2.0 * Halo * (count - 1);
        }, iter: 300);

    [Theory]
    [InlineData(584, 578, 315, 16)] // 8 and 2 pixels more than four cores of 144: they are the last tiles', not a fifth row's
    [InlineData(447, 448, 306, 12)]
    [InlineData(584, 584, 10_000, 1)]
    public void What_is_left_over_of_a_stride_makes_no_tile_of_its_own(int width, int height, int side, int expected) =>
        Assert.Equal(expected, TileGrid.Of(new PixelSize(width, height), new TileSize(Pixels: (long)side * side), halo: 80, stride: 16)
            .Count());
}

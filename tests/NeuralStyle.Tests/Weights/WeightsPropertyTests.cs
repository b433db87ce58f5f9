using System.Buffers.Binary;
using CsCheck;
using NeuralStyle.Vgg;
using NeuralStyle.Weights;
using NeuralStyle.Weights.Download;

namespace NeuralStyle.Tests.Weights;

/// <summary>What holds for every network, tensor and set of ranges.</summary>
public sealed class WeightsPropertyTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Whatever_is_written_is_read_back() => Gen.Select(Gen.Int[1, 4].Array[1, 5], Gen.Int[1, 5], Gen.Int[0, 1000], Gen.Bool)
        .Sample((blocks, width, seed, half) =>
        {
            var path = _folder[$"{Guid.NewGuid():N}.npz"];
            var expected = Network(blocks, width, seed);
            NpzWriter.Write(path, expected, half ? NumberFormat.Float16 : NumberFormat.Float32);
            var actual = WeightsFile.Load(path);
            File.Delete(path);
            SmallVgg.AssertSame(expected, actual);
            Assert.Equal(WeightsHash.OfValues(expected.Convolutions), WeightsHash.OfValues(actual.Convolutions));
        }, iter: 60);

    [Fact]
    public void Reading_in_another_order_of_axes_permutes_by_the_definition() => Gen.Select(Gen.Int[1, 5].Array[1, 4], Gen.Int[0, 1000])
        .Sample((shape, seed) =>
        {
            var random = new Random(seed);
            int[] Shuffled() => Enumerable.Range(0, shape.Length).OrderBy(_ => random.Next()).ToArray();
            var (storage, wanted) = (Shuffled(), Shuffled());
            // in C order
            var values = Enumerable.Range(0, shape.Aggregate(1, (product, size) => product * size)).Select(i => (float)i).ToArray();
            var stored = NpzBuilder.Permute(shape, values, storage);
            var bytes = new byte[stored.Length * 4];
            for (var i = 0; i < stored.Length; i++) BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * 4), stored[i]);
            var read = ElementReader.Read(new MemoryStream(bytes), new TensorInfo(ElementType.Float32, false, shape, storage), wanted);
            Assert.Equal(NpzBuilder.Permute(shape, values, wanted), read);
        }, iter: 300);

    [Fact]
    public void Sets_of_ranges_know_exactly_the_bytes_that_were_added() => Gen.Select(Gen.Int[0, 40], Gen.Int[0, 12]).Array[0, 12]
        .Sample(added =>
        {
            var ranges = new ByteRanges();
            var model = new bool[60];
            foreach (var (start, length) in added)
            {
                ranges.Add(start, start + length);
                Array.Fill(model, true, start, length);
            }
            Assert.Equal(model.Count(isIn => isIn), ranges.Count);
            for (var at = 0; at < model.Length; at++) Assert.Equal(model[at], ranges.Find(at) is not null);
            for (var start = 0; start < model.Length; start++)
            {
                var first = Array.FindIndex(model, start, isIn => !isIn);
                var end = first < 0 ? -1 : Array.FindIndex(model, first, isIn => isIn);
                (long, long)? expected = first < 0 ? null : (first, end < 0 ? model.Length : end);
                Assert.Equal(expected, ranges.FirstMissing(start, model.Length));
            }
            Assert.All(ranges.All.Zip(ranges.All.Skip(1)), pair => Assert.True(pair.First.End < pair.Second.Start));
        }, iter: 1000);

    private static VggWeights Network(int[] blocks, int width, int seed)
    {
        var random = new Random(seed);
        List<ConvolutionWeights> convolutions = [];
        var channels = 3;
        for (var block = 1; block <= blocks.Length; block++)
        {
            for (var index = 1; index <= blocks[block - 1]; index++)
            {
                var filters = random.Next(1, width + 1); // three channels on both sides, which is ambiguous, among them
                convolutions.Add(
                    new ConvolutionWeights(new VggLayer(block, index), filters, channels, Values(filters * channels * 9), Values(filters)));
                channels = filters;
            }
        }
        return new VggWeights("random", "", convolutions, Preprocessing.CaffeRgb, null);

        float[] Values(int count) => Enumerable.Range(0, count).Select(_ => (float)(Half)(random.NextSingle() - 0.5f)).ToArray();
    }
}

using NeuralStyle.Weights.Formats;

namespace NeuralStyle.Tests.Weights;

public sealed class Crc32Tests
{
    [Theory]
    [InlineData("", 0u)]
    [InlineData("123456789", 0xCBF43926u)] // the check value of the catalogue of CRCs
    [InlineData("The quick brown fox jumps over the lazy dog", 0x414FA339u)]
    public void Known_values(string text, uint expected) => Assert.Equal(expected, Crc32.Append(0, System.Text.Encoding.ASCII.GetBytes(text)));

    [Fact]
    public void Pieces_give_the_checksum_of_the_whole()
    {
        var bytes = new byte[1000];
        new Random(1).NextBytes(bytes);
        var whole = Crc32.Append(0, bytes);
        for (var cut = 0; cut < 40; cut++) Assert.Equal(whole, Crc32.Append(Crc32.Append(0, bytes.AsSpan(0, cut)), bytes.AsSpan(cut)));
    }
}

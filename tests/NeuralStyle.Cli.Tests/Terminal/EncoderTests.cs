using System.Text.RegularExpressions;
using NetVips;
using NeuralStyle.Cli.Terminal;
using NeuralStyle.Cli.Tests.Infra;
using NeuralStyle.Imaging;
using NeuralStyle.Runtime;

namespace NeuralStyle.Cli.Tests.Terminal;

public sealed class EncoderTests
{
    private static readonly byte[] Red = [255, 0, 0], Blue = [0, 0, 255], White = [255, 255, 255];

    [Fact]
    public void Half_blocks_hold_two_rows_and_name_a_colour_only_when_it_changes()
    {
        var pixels = Pixels(2, Red, Red, Blue, White);
        Assert.Equal("\e[38;2;255;0;0m\e[48;2;0;0;255m▀\e[48;2;255;255;255m▀\e[0m\n", HalfBlocks.Encode(pixels, trueColour: true));
    }

    [Fact]
    public void The_last_of_an_odd_number_of_rows_stands_on_the_terminals_background()
    {
        var pixels = Pixels(1, Red, Blue, White);
        Assert.Equal("\e[38;2;255;0;0m\e[48;2;0;0;255m▀\e[0m\n\e[38;2;255;255;255m\e[49m▀\e[0m\n",
            HalfBlocks.Encode(pixels, trueColour: true));
    }

    [Theory]
    [InlineData(0, 0, 0, 16)]
    [InlineData(255, 255, 255, 231)]
    [InlineData(255, 0, 0, 196)]
    [InlineData(95, 135, 175, 67)]
    [InlineData(128, 128, 128, 244)]
    [InlineData(20, 20, 20, 233)]
    [InlineData(240, 240, 240, 255)]
    public void Without_24_bits_the_nearest_of_256_colours_is_taken(byte red, byte green, byte blue, int expected)
    {
        Assert.Equal(expected, HalfBlocks.Nearest((red, green, blue)));
        Assert.StartsWith($"\e[38;5;{expected}m", HalfBlocks.Encode(Pixels(1, [red, green, blue]), trueColour: false));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(7, 6)]
    [InlineData(30, 13)]
    public void Sixels_decode_to_the_picture(int width, int height)
    {
        var random = new Random(width);
        var palette = Enumerable.Range(0, 9)
            .Select(_ => (byte[])[(byte)random.Next(256), (byte)random.Next(256), (byte)random.Next(256)])
            .ToArray();
        // runs, and noise
        var pixels = Pixels(width,
            Enumerable.Range(0, width * height).Select(i => palette[i % width < width / 2 ? 0 : random.Next(9)]).ToArray());
        AssertDecodes(pixels, Sixel.Encode(pixels));
    }

    [Fact]
    public void A_picture_of_many_colours_becomes_256_that_look_the_same()
    {
        TorchRuntime.Initialize();
        using var folder = new TempFolder();
        TestInputs.WritePainting(folder["many.png"], 120, 90);
        using var picture = Picture.Load(folder["many.png"]);
        var pixels = RgbPixels.Of(picture, picture.Size);
        var indexed = pixels.WithPalette();
        Assert.InRange(indexed.Bytes.Chunk(3).Select(colour => (colour[0], colour[1], colour[2])).Distinct().Count(), 100, 256);
        Assert.True(pixels.Bytes.Zip(indexed.Bytes).Average(pair => Math.Abs(pair.First - pair.Second)) < 6, "the colours are others");
        AssertDecodes(indexed, Sixel.Encode(indexed));
        Assert.Throws<ArgumentException>(() => Sixel.Encode(pixels));
    }

    [Fact]
    public void Kitty_receives_a_png_in_chunks()
    {
        var png = new byte[10_000];
        new Random(1).NextBytes(png);
        var chunks = Regex.Matches(InlineImages.Kitty(png, 40), "\e_G([^;]*);([^\e]*)\e\\\\").ToArray();
        Assert.Equal(["a=T,f=100,q=2,c=40,m=1", "m=1", "m=1", "m=0"], chunks.Select(chunk => chunk.Groups[1].Value));
        Assert.All(chunks, chunk => Assert.InRange(chunk.Groups[2].Length, 1, 4096));
        Assert.Equal(png, Convert.FromBase64String(string.Concat(chunks.Select(chunk => chunk.Groups[2].Value))));
    }

    [Fact]
    public void Iterm_receives_a_png_with_its_length()
    {
        byte[] png = [1, 2, 3, 250];
        Assert.Equal($"\e]1337;File=inline=1;size=4;width=12;preserveAspectRatio=1:{Convert.ToBase64String(png)}\a\n",
            InlineImages.Iterm(png, 12));
    }

    [Fact]
    public void What_is_sent_as_png_is_the_picture()
    {
        var pixels = Pixels(2, Red, Blue, White, Red);
        using var image = Image.NewFromBuffer(pixels.ToPng());
        Assert.Equal(pixels.Bytes, image.WriteToMemory<byte>());
    }

    private static void AssertDecodes(RgbPixels pixels, string text)
    {
        var decoded = SixelDecoder.Decode(text);
        for (var y = 0; y < pixels.Size.Height; y++)
        {
            for (var x = 0; x < pixels.Size.Width; x++)
            {
                var (red, green, blue) = Assert.NotNull(decoded[y, x]);
                var expected = pixels[x, y];
                // colours are in percent
                Assert.True(Math.Max(Math.Abs(red - expected.Red),
                    Math.Max(Math.Abs(green - expected.Green), Math.Abs(blue - expected.Blue))) <= 1.5, $"{x},{y}");
            }
        }
    }

    private static RgbPixels Pixels(int width, params byte[][] pixels) =>
        new(new PixelSize(width, pixels.Length / width), pixels.SelectMany(pixel => pixel).ToArray());
}

using System.Runtime;
using System.Runtime.CompilerServices;
using NetVips;
using NeuralStyle.Imaging;
using NeuralStyle.Tests.Infra;

namespace NeuralStyle.Tests.Imaging;

/// <summary>libvips reads a picture's bytes long after it was opened. They stay where they are until then.</summary>
public sealed class PictureLifetimeTests : IDisposable
{
    private const int Width = 200, Height = 100;
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("pipe.png")]
    [InlineData("pipe.jpg")]
    [InlineData("pipe.webp")]
    [InlineData("pipe.avif")]
    [InlineData("pipe.gif")]
    [InlineData("pipe.bmp")]
    [InlineData("pipe.tif")]
    [InlineData("lab.tif")]
    [InlineData("turned.tif")]
    public void Pixels_are_those_of_the_file_however_much_is_collected_before_they_are_read(string kind)
    {
        var bytes = BytesOf(kind);
        using var first = Open(kind, bytes);
        var expected = first.WriteToMemory<byte>();
        for (var round = 0; round < 10; round++)
        {
            using var opened = Open(kind, bytes);
            Tidy();
            Assert.Equal(expected, opened.WriteToMemory<byte>());
        }
    }

    [Fact]
    public void Bytes_are_let_go_after_the_last_reader_of_the_picture()
    {
        var bytes = new TestTiff(3, 8, 1, 2).Write(1000, 500, (x, y, band) => (x + y + band) % 256); // 1.5 MB
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var i = 0; i < 30; i++)
        {
            var opened = Open("pipe.tif", bytes);
            using var part = opened.ExtractBand(i % 3);
            opened.Dispose(); // what was made of it still reads it
            Assert.Equal(500_000, part.WriteToMemory<byte>().Length);
        }
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, 10 * bytes.Length);
    }

    /// <summary>In a method of its own, so that nothing here holds the file.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Image Open(string kind, byte[] bytes)
    {
        var file = PictureFile.Of(new MemoryStream([.. bytes]), kind, new PictureReading());
        PixelLayout? layout = kind switch
        {
            "lab.tif" => new PixelLayout(Enums.Interpretation.Lab, null),
            "turned.tif" => new PixelLayout(Enums.Interpretation.Srgb, null) { UnknownOrientation = true },
            _ => null,
        };
        return PictureDecoder.Open(file, PictureDecoder.KindOf(file), layout);
    }

    /// <summary>Moves and frees all that may be, and writes over where it was.</summary>
    private static void Tidy()
    {
        GCSettings.LargeObjectHeapCompactionMode = GCLargeObjectHeapCompactionMode.CompactOnce;
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        GC.WaitForPendingFinalizers();
        for (var i = 0; i < 500; i++) new byte[60_000].AsSpan().Fill(0xEE);
    }

    private byte[] BytesOf(string kind)
    {
        if (kind is "lab.tif" or "turned.tif")
        {
            var tiff = new TestTiff(3, 8, 1, kind == "lab.tif" ? 8 : 2) { Orientation = kind == "lab.tif" ? null : 9 };
            return tiff.Write(Width, Height, (x, y, band) => (7 * x + 3 * y + 50 * band) % 256);
        }
        if (kind == "pipe.bmp")
        {
            using var bitmap = new ImageMagick.MagickImage(ImageMagick.MagickColors.SteelBlue, Width, Height);
            return bitmap.ToByteArray(ImageMagick.MagickFormat.Bmp);
        }
        using var picture = TestPictures.Corners(Width, Height);
        TestPictures.Write(picture, _folder[kind]);
        return File.ReadAllBytes(_folder[kind]);
    }
}

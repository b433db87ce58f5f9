using System.Diagnostics;
using NetVips;
using NeuralStyle.Imaging;
using NeuralStyle.Settings;
using NeuralStyle.Tests.Infra;
using TorchSharp;

namespace NeuralStyle.Tests.Imaging;

/// <summary>
/// Small files that claim to be huge, pipes without an end, files that change: nothing waits for ever or takes all memory.
/// </summary>
[Collection(Apart.Collection), Trait(Apart.Trait, Apart.Value)]
public sealed class PictureBoundsTests : IDisposable
{
    private const long Bounded = 500L << 20;
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string> Bombs { get; } = ["large.png", "wide.png", "bands.tif", "progressive.jpg", "interlaced.png",
        "large.webp", "large.bmp", "large.tga", "large.ppm", "large.psd", "large.jp2", "rows.png"];

    [Theory]
    [MemberData(nameof(Bombs))]
    public void What_a_header_claims_is_refused_within_a_second_before_it_takes_memory(string name)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "reads /proc");
        File.WriteAllBytes(_folder[name], Bomb(name));
        Assert.InRange(PeakMemory.Of(typeof(PictureBoundsTests), nameof(Refuses), _folder.Root), 0, Bounded);
    }

    [Fact(Explicit = true)]
    public void Refuses()
    {
        Libvips.Prepare();
        Assert.Throws<InvalidInputException>(() => Picture.Load(PeakMemory.Folder)); // everything is loaded
        var file = Directory.GetFiles(PeakMemory.Folder).Single(path => !path.EndsWith(".txt", StringComparison.Ordinal));
        PeakMemory.Tell(() =>
        {
            var watch = Stopwatch.StartNew();
            var failure = Assert.Throws<InvalidInputException>(() => Picture.Load(file));
            Assert.Contains("expected", failure.Message, StringComparison.Ordinal);
            Assert.InRange(watch.Elapsed.TotalSeconds, 0, 3); // a second, on a machine that does nothing else
        });
    }

    [Fact]
    public void Limits_can_be_set()
    {
        using var corners = TestPictures.Corners(200, 100);
        corners.WriteToFile(_folder["a.png"]);
        Picture.Load(_folder["a.png"]).Dispose();
        var reading = new PictureReading { Limits = new PictureLimits { MostPixels = 19_999 } };
        Assert.Contains("megapixels", Assert.Throws<InvalidInputException>(() => Picture.Load(_folder["a.png"], reading)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_stream_that_cannot_be_read_twice_is_a_picture_too()
    {
        using var scope = torch.NewDisposeScope();
        using var corners = TestPictures.Corners(64, 48);
        using var picture = Picture.Load(new OneWay(corners.PngsaveBuffer()), "-");
        Assert.Equal(("-", new PixelSize(64, 48)), (picture.Path, picture.Size));
        Assert.Equal(220 / 255.0, picture.ToTensor(picture.Size)[0, 0, 4, 4].ToDouble(), 1e-3);
        Assert.Equal(220 / 255.0, picture.ToTensor(new PixelSize(32, 24))[0, 0, 2, 2].ToDouble(), 0.02); // again, at another size
        Assert.Equal(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(corners.PngsaveBuffer())), picture.Sha256);
    }

    [Fact]
    public void An_endless_stream_is_refused()
    {
        var reading = new PictureReading { Limits = new PictureLimits { MostPipedBytes = 1 << 20 } };
        Assert.Contains("1 MiB", Assert.Throws<InvalidInputException>(() => Picture.Load(new OneWay(null), "-", reading)).Message,
            StringComparison.Ordinal);
        Assert.Contains("empty", Assert.Throws<InvalidInputException>(() => Picture.Load(new OneWay([]), "-")).Message,
            StringComparison.Ordinal);
        if (OperatingSystem.IsLinux())
        {
            Assert.Contains("not a picture", Assert.Throws<InvalidInputException>(() => Picture.Load("/dev/zero")).Message,
                StringComparison.Ordinal);
            Assert.Contains("empty", Assert.Throws<InvalidInputException>(() => Picture.Load("/dev/null")).Message,
                StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_FIFO_is_read_and_one_that_nobody_writes_to_can_be_left()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "FIFOs");
        using (var make = Process.Start("mkfifo", _folder["pipe"])) make.WaitForExit();
        using var enough = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));
        Assert.ThrowsAny<OperationCanceledException>(() =>
            Picture.Load(_folder["pipe"], new PictureReading { Cancellation = enough.Token }));
        using var corners = TestPictures.Corners(64, 48);
        var bytes = corners.PngsaveBuffer();
        // ends the wait of the thread that was left
        using (var late = new FileStream(_folder["pipe"], FileMode.Open, FileAccess.Write)) late.WriteByte(0);
        using (var make = Process.Start("mkfifo", _folder["second"])) make.WaitForExit();
        var writer = Task.Run(() =>
        {
            using var pipe = new FileStream(_folder["second"], FileMode.Open, FileAccess.Write);
            pipe.Write(bytes);
        }, TestContext.Current.CancellationToken);
        using var picture = Picture.Load(_folder["second"]);
        await writer;
        Assert.Equal(new PixelSize(64, 48), picture.Size);
        picture.ToTensor(picture.Size).Dispose();
    }

    [Fact]
    public async Task A_pipe_that_has_only_a_number_is_read()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "/proc");
        using var corners = TestPictures.Corners(64, 48);
        var bytes = corners.PngsaveBuffer();
        await using var pipe = new System.IO.Pipes.AnonymousPipeServerStream(System.IO.Pipes.PipeDirection.Out);
        var writer = Task.Run(() =>
        {
            pipe.Write(bytes);
            pipe.SafePipeHandle.Dispose(); // its own end only: disposing of the pipe closes the reader's, too, perhaps before it is opened
        }, TestContext.Current.CancellationToken);
        File.CreateSymbolicLink(_folder["link"], $"/proc/self/fd/{pipe.GetClientHandleAsString()}"); // as /dev/stdin is
        using var picture = Picture.Load(_folder["link"]);
        await writer;
        Assert.Equal(new PixelSize(64, 48), picture.Size);
    }

    [Fact]
    public void Decoding_can_be_cancelled_alone_and_as_the_beginning_of_a_run()
    {
        using (var black = Image.Black(20_000, 20_000)) black.WriteToFile(_folder["slow.png"], new VOption { { "bitdepth", 1 } });
        using var picture = Picture.Load(_folder["slow.png"]);
        Cancelled(token => picture.Interruptible(new PixelSize(512, 512), token));
        Cancelled(token => StyleTransfer.Run(new StyleInputs(picture.AsSource(), [picture.AsSource()]), TinyNetworks.Random(),
            new StyleSettings { Size = 64, MinimumSize = 64 }, cancellation: token));

        static void Cancelled(Action<CancellationToken> action)
        {
            using var enough = new CancellationTokenSource(150);
            var watch = Stopwatch.StartNew();
            Assert.ThrowsAny<OperationCanceledException>(() => action(enough.Token));
            Assert.InRange(watch.Elapsed.TotalSeconds, 0, 1.5); // it takes 4 seconds
        }
    }

    [Fact]
    public void A_file_that_changes_while_it_is_in_use_is_noticed()
    {
        using var scope = torch.NewDisposeScope();
        using var corners = TestPictures.Corners(64, 48);
        using var black = TestPictures.Flat(64, 48, 0, 0, 0);
        corners.WriteToFile(_folder["a.png"]);
        using var picture = Picture.Load(_folder["a.png"]);
        picture.ToTensor(picture.Size);
        File.SetLastWriteTimeUtc(_folder["a.png"], DateTime.UtcNow.AddMinutes(1)); // touched: the same picture
        picture.ToTensor(picture.Size);
        black.WriteToFile(_folder["b.png"]);
        File.Move(_folder["b.png"], _folder["a.png"], overwrite: true);
        Assert.Contains("changed while it was in use", Assert.Throws<InvalidInputException>(() => picture.ToTensor(picture.Size)).Message,
            StringComparison.Ordinal);
        Assert.Contains("changed while it was in use", Assert.Throws<InvalidInputException>(picture.CheckUnchanged).Message,
            StringComparison.Ordinal);
        File.Delete(_folder["a.png"]);
        Assert.Contains("removed", Assert.Throws<InvalidInputException>(() => picture.ToTensor(picture.Size)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_result_may_replace_its_own_content()
    {
        using var corners = TestPictures.Corners(64, 48);
        corners.WriteToFile(_folder["a.png"]);
        using var picture = Picture.Load(_folder["a.png"]);
        picture.ToTensor(picture.Size).Dispose();
        using (new FileStream(_folder["a.png"], FileMode.Open, FileAccess.ReadWrite, FileShare.None))
        {
            // nobody holds it: on Windows it could not be replaced otherwise
        }
        PictureWriter.Save(TinyNetworks.Picture(64, 48, 1), _folder["a.png"], new PictureOutput { Original = picture });
    }

    private static byte[] Bomb(string name)
    {
        using var small = TestPictures.Corners(64, 48);
        using var magick = new ImageMagick.MagickImage(small.PngsaveBuffer());
        var bytes = name switch
        {
            "bands.tif" => new TestTiff(2000, 8, 1, 2).Write(40, 20, (_, _, _) => 1),
            "progressive.jpg" => small.JpegsaveBuffer(interlace: true),
            "interlaced.png" => small.PngsaveBuffer(interlace: true),
            "large.png" or "wide.png" or "rows.png" => small.PngsaveBuffer(),
            "large.webp" => Large(),
            "large.bmp" => magick.ToByteArray(ImageMagick.MagickFormat.Bmp3),
            "large.tga" => magick.ToByteArray(ImageMagick.MagickFormat.Tga),
            "large.psd" => magick.ToByteArray(ImageMagick.MagickFormat.Psd),
            "large.jp2" => magick.ToByteArray(ImageMagick.MagickFormat.Jp2),
            _ => System.Text.Encoding.ASCII.GetBytes("P6 100000 100000 255\n......"),
        };
        switch (name)
        {
            case "large.png":
                Patch(16, 0, 1, 0x86, 0xa0, 0, 1, 0x86, 0xa0); // 100,000 × 100,000
                break;
            case "rows.png":
                Patch(16, 0, 4, 0x93, 0xe0, 0, 0, 0, 64); // 300,000 × 64
                break;
            case "wide.png":
                Patch(16, 0x7f, 0xff, 0xff, 0xff);
                break;
            case "interlaced.png":
                Patch(16, 0, 0, 0x75, 0x30, 0, 0, 0x75, 0x30); // 30,000 × 30,000 × 3 bytes
                break;
            case "progressive.jpg":
                // 20,000 × 20,000 × 3 × 2 bytes
                Patch(bytes.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xff, 0xc2]) + 5, 0x4e, 0x20, 0x4e, 0x20);
                break;
            case "large.bmp":
                Patch(18, 0x60, 0xea, 0, 0, 0x60, 0xea, 0, 0); // 60,000 × 60,000
                break;
            case "large.tga":
                Patch(12, 0xff, 0xff, 0xff, 0xff);
                break;
            case "large.psd":
                Patch(14, 0, 0, 0x75, 0x30, 0, 0, 0x75, 0x30);
                break;
            case "large.jp2":
                Patch(bytes.AsSpan().IndexOf("ihdr"u8) + 4, 0, 1, 0x86, 0xa0, 0, 1, 0x86, 0xa0);
                Patch(bytes.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xff, 0x51]) + 6, 0, 1, 0x86, 0xa0, 0, 1, 0x86, 0xa0);
                break;
        }
        return bytes;

        static byte[] Large() // a whole one, of 300 bytes
        {
            using var black = Image.Black(16_000, 16_000, bands: 3);
            return black.WebpsaveBuffer(lossless: true, effort: 0);
        }

        void Patch(int at, params byte[] values) => values.CopyTo(bytes, at);
    }

    /// <summary>A stream as of a pipe: forward only. Without bytes it is a PNG that does not end.</summary>
    private sealed class OneWay(byte[]? bytes) : Stream
    {
        private long _at;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count)
        {
            count = Math.Min(count, 1000); // pipes give what they have
            for (var i = 0; i < count; i++, _at++)
            {
                if (bytes is not null && _at >= bytes.Length) return i;
                buffer[offset + i] = bytes?[_at]
                    ?? (_at < 8 ? [137, 80, 78, 71, 13, 10, 26, 10] : (ReadOnlySpan<byte>)[0])[(int)(_at < 8 ? _at : 0)];
            }
            return count;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}

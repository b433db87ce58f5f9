using NeuralStyle.Cli.Films;
using NeuralStyle.Cli.Tests.Infra;

namespace NeuralStyle.Cli.Tests.Films;

/// <summary>Frames are removed once their film is written: it has to be whole.</summary>
public sealed class FilmWriterTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(".mp4")]
    [InlineData(".mkv")]
    [InlineData(".webm")]
    public void On_a_disk_that_is_full_there_is_one_line_and_no_film_until_there_is_room(string extension)
    {
        TestFilms.NeedFfmpeg();
        using var disk = OperatingSystem.IsLinux() ? SmallDisk.TryMount(_folder["disk"], kilobytes: 4) : null;
        Assert.SkipWhen(disk is null, "needs a small file system of its own");
        TestFilms.WriteFrames(_folder["in"], 4, 320, 240);
        foreach (var i in Enumerable.Range(1, 4)) File.Move(_folder["in", $"frame_{i}.png"], _folder["in", $"frame_00000{i}.png"]);
        var frames = new PaintedFrames(new FrameStore(_folder["in"], 1).Pattern, 4, FrameRate.Usual);
        void Write(string output) => FilmWriter.Write(output, frames, null, new FilmPart(), quality: 100, CancellationToken.None);

        var failure = Assert.Throws<RunFailedException>(() => Write(_folder["disk", "out" + extension]));
        Assert.Contains("ffmpeg cannot write", failure.Message);
        Assert.Contains("No space left on device; the frames are kept", failure.Message);
        Assert.Empty(Directory.GetFiles(_folder["disk"]));
        Write(_folder["out" + extension]);
        Assert.True(new FileInfo(_folder["out" + extension]).Length > 4096);
        Assert.Equal(["nb_read_frames=4"], TestFilms.Probe(_folder["out" + extension], "v", "nb_read_frames"));
    }

    [Fact]
    public void A_film_that_lacks_frames_is_not_taken_for_whole()
    {
        TestFilms.NeedFfmpeg();
        TestFilms.WriteFrames(_folder["in"], 2);
        var frames = new PaintedFrames(Path.Combine(_folder["in"], "frame_%d.png"), 3, FrameRate.Usual);
        var failure = Assert.Throws<RunFailedException>(() =>
            FilmWriter.Write(_folder["out.mp4"], frames, null, new FilmPart(), quality: 80, CancellationToken.None));
        Assert.Contains("it has 2 frames instead of 3; the frames are kept", failure.Message);
        Assert.False(File.Exists(_folder["out.mp4"]));
    }
}

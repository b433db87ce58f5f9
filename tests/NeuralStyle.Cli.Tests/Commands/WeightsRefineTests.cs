using NeuralStyle.Cli.Commands;
using NeuralStyle.Imaging;
using NeuralStyle.Reduction;
using NeuralStyle.Runtime;
using NeuralStyle.Weights;

namespace NeuralStyle.Cli.Tests.Commands;

public sealed class WeightsRefineTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public WeightsRefineTests()
    {
        TorchRuntime.Initialize();
        NpzWriter.Write(_folder["teacher.npz"], TinyNetworks.Random([4]));
        NpzWriter.Write(_folder["student.npz"], TinyNetworks.Random([4]));
        NpzWriter.Write(_folder["wide.npz"], TinyNetworks.Random([6]));
        NpzWriter.Write(_folder["stranger.npz"], TinyNetworks.Random([4], seed: 8));
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_network_is_trained_with_the_errors_before_and_after_and_says_so_in_the_file()
    {
        MakePictures(10);
        var error = await Refine(_folder["student.npz"], "-o", _folder["out.npz"], "--teacher", _folder["teacher.npz"], "--pictures",
            _folder["pictures"], "--samples", "20", "--steps", "2", "--batch", "1", "--device", "cpu");
        Assert.Contains("step 2 of 2: loss ", error);
        Assert.Contains("relu1_2  4 of 4    0.0000", error);
        var weights = WeightsFile.Load(_folder["out.npz"]);
        Assert.Equal([4, 4], weights.Convolutions.Select(convolution => convolution.OutChannels));
        Assert.Contains("refined by nst on 20 crops, 2 steps of 1, seed 0",
            WeightsFile.Inspect(_folder["out.npz"]).Source);
    }

    [Theory]
    [InlineData("neither a file nor an installed network", "missing.npz")]
    [InlineData("neither a file nor an installed network", "student.npz", "--teacher", "missing.npz")]
    [InlineData("is the built-in network", "student.npz", "--teacher", "builtin")]
    [InlineData("the folder 'nowhere' does not exist", "student.npz", "--pictures", "nowhere")]
    [InlineData("holds 0 usable pictures; expected at least 10", "student.npz")]
    [InlineData("conv1_1 has 6 channels in 'wide.npz' and 4 in the teacher", "wide.npz")]
    [InlineData("--samples is 19; expected 20 or more", "student.npz", "--samples", "19")]
    [InlineData("--steps is 0; expected 1 to 10000000", "student.npz", "--steps", "0")]
    [InlineData("--steps is 10000001", "student.npz", "--steps", "10000001")]
    [InlineData("--batch is 257; expected 1 to 256", "student.npz", "--batch", "257")]
    [InlineData("--rate is 0; expected more than 0", "student.npz", "--rate", "0")]
    [InlineData("--rate 'x' is not a number", "student.npz", "--rate", "x")]
    [InlineData("'gpu' is not known; expected auto, cpu, cuda", "student.npz", "--device", "gpu")]
    [InlineData("--threads", "student.npz", "--threads", "0")]
    [InlineData("--half and --eight-bit were both given", "student.npz", "--half", "--eight-bit")]
    [InlineData("ends with .npz", "student.npz", "-o", "small.pth")]
    [InlineData("is also an input", "student.npz", "-o", "student.npz")]
    [InlineData("is also an input", "student.npz", "-o", "teacher.npz")]
    [InlineData("does not exist; make it first", "student.npz", "-o", "no/small.npz")]
    public async Task What_cannot_be_trained_is_refused_in_one_line(string message, params string[] arguments)
    {
        Directory.CreateDirectory(_folder["pictures"]);
        string Path(string argument) => argument.EndsWith(".npz", StringComparison.Ordinal) ? _folder[argument] : argument;
        string[] Unless(string option, string value) => arguments.Contains(option) ? [] : [option, value];
        string[] all = [.. arguments.Select(Path), .. Unless("-o", _folder["out.npz"]), .. Unless("--teacher", _folder["teacher.npz"]),
            .. Unless("--pictures", _folder["pictures"])];
        var failure = await Assert.ThrowsAsync<InvalidInputException>(() => Refine(all));
        Assert.Contains(message, failure.Message);
        Assert.DoesNotContain('\n', failure.Message);
        Assert.False(File.Exists(_folder["out.npz"]));
    }

    [Fact]
    public async Task A_student_of_another_teacher_is_refused()
    {
        MakePictures(10);
        var failure = await Assert.ThrowsAsync<InvalidInputException>(() => Refine(_folder["stranger.npz"], "-o", _folder["out.npz"],
            "--teacher", _folder["teacher.npz"], "--pictures", _folder["pictures"], "--samples", "20", "--device", "cpu"));
        Assert.Contains("'stranger.npz' was not reduced from 'teacher.npz'", failure.Message);
    }

    private void MakePictures(int count)
    {
        Directory.CreateDirectory(_folder["pictures"]);
        var rendered = new RenderedPictures(count, size: 224);
        for (var i = 0; i < count; i++)
        {
            using var picture = rendered.Load(i);
            PictureWriter.Save(picture, _folder[$"pictures/{i}.png"], new PictureOutput());
        }
    }

    private static async Task<string> Refine(params string[] arguments)
    {
        var error = new StringWriter();
        var configuration = new System.CommandLine.InvocationConfiguration { Output = TextWriter.Null, Error = error,
            EnableDefaultExceptionHandler = false };
        var parse = WeightsCommand.Create(new WeightsLocator { CacheFolder = "/nonexistent" }).Parse(["refine", .. arguments]);
        Assert.Empty(parse.Errors);
        Assert.Equal(0, await parse.InvokeAsync(configuration, TestContext.Current.CancellationToken));
        return error.ToString();
    }
}

using NeuralStyle.Cli.Commands;
using NeuralStyle.Weights;

namespace NeuralStyle.Cli.Tests.Commands;

public sealed class WeightsReduceTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public WeightsReduceTests() => NpzWriter.Write(_folder["teacher.npz"], TinyNetworks.Random([4, 6, 8]));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_network_is_reduced_with_the_error_of_each_layer_and_nothing_else_is_left()
    {
        var error = await Reduce(_folder["teacher.npz"], "-o", _folder["small.npz"], "--widths", "2,3,4", "--samples", "12", "--eight-bit");
        Assert.Contains("relu1_1: 2 of 4 channels, relative error 0.0000, on held-out pictures 0.0000", error);
        Assert.Contains("relu3_4: 4 of 8 channels", error);
        var weights = WeightsFile.Load(_folder["small.npz"]);
        Assert.Equal([2, 2, 3, 3, 4, 4, 4, 4], weights.Convolutions.Select(convolution => convolution.OutChannels));
        Assert.Equal(TinyNetworks.Random([4]).Preprocessing, weights.Preprocessing);
        Assert.Contains("reduced by nst from teacher.npz", WeightsFile.Inspect(_folder["small.npz"]).Source);
        Assert.Equal(2, Directory.GetFileSystemEntries(_folder.Root).Length);
    }

    [Theory]
    [InlineData("neither a file nor an installed network", "missing.npz")]
    [InlineData("reduced already", "builtin")]
    [InlineData("--widths is 'a,b'", "teacher.npz", "--widths", "a,b")]
    [InlineData("--widths is '2,-3'", "teacher.npz", "--widths", "2,-3")]
    [InlineData("the width of block 2 is 7; expected 1 to 6", "teacher.npz", "--widths", "4,7")]
    [InlineData("expected one for each block to keep, 1 to 3", "teacher.npz", "--widths", "2,2,2,2")]
    [InlineData("the folder 'nowhere' does not exist", "teacher.npz", "--widths", "2", "--pictures", "nowhere")]
    [InlineData("holds 0 usable pictures; expected at least 10", "teacher.npz", "--widths", "2", "--pictures", "empty")]
    [InlineData("--samples is 3", "teacher.npz", "--widths", "2", "--samples", "3")]
    [InlineData("--refine is -1", "teacher.npz", "--widths", "2", "--refine", "-1")]
    [InlineData("--half and --eight-bit were both given", "teacher.npz", "--widths", "2", "--half", "--eight-bit")]
    [InlineData("ends with .npz", "teacher.npz", "--widths", "2", "-o", "small.pth")]
    [InlineData("is also an input", "teacher.npz", "--widths", "2", "-o", "teacher.npz")]
    [InlineData("does not exist; make it first", "teacher.npz", "--widths", "2", "-o", "no/small.npz")]
    public async Task What_cannot_be_reduced_is_refused_in_one_line(string message, params string[] arguments)
    {
        Directory.CreateDirectory(_folder["empty"]);
        string Path(string argument) =>
            argument.EndsWith(".npz", StringComparison.Ordinal) || argument == "empty" ? _folder[argument] : argument;
        var all = arguments.Select(Path).Concat(arguments.Contains("-o") ? [] : ["-o", _folder["small.npz"]]).ToArray();
        var failure = await Assert.ThrowsAsync<InvalidInputException>(() => Reduce(all));
        Assert.Contains(message, failure.Message.Replace(_folder.Root + "/", ""));
        Assert.DoesNotContain('\n', failure.Message);
        Assert.False(File.Exists(_folder["small.npz"]));
    }

    private static async Task<string> Reduce(params string[] arguments)
    {
        var error = new StringWriter();
        var configuration = new System.CommandLine.InvocationConfiguration { Output = TextWriter.Null, Error = error,
            EnableDefaultExceptionHandler = false };
        var parse = WeightsCommand.Create(new WeightsLocator { CacheFolder = "/nonexistent" }).Parse(["reduce", .. arguments]);
        Assert.Empty(parse.Errors);
        Assert.Equal(0, await parse.InvokeAsync(configuration, TestContext.Current.CancellationToken));
        return error.ToString();
    }
}

using System.CommandLine;
using NeuralStyle.Cli.Commands;
using NeuralStyle.Cli.Progress;
using NeuralStyle.Vgg;
using NeuralStyle.Weights;
using NeuralStyle.Weights.Download;

namespace NeuralStyle.Cli.Tests.Commands;

public sealed class WeightsCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("nst-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void List_names_sources_licence_and_what_a_plain_run_uses()
    {
        var (output, _) = Run("list");
        Assert.Contains("vgg19 ", output);
        Assert.Contains("59 MB of 553 MB", output);
        Assert.Contains("CC BY 4.0, K. Simonyan and A. Zisserman", output);
        Assert.Contains($"installed in {Locator.CacheFolder}:\n  nothing", output);
        Assert.Contains("runs use: the built-in network", output);
    }

    [Fact]
    public void What_fetch_installs_is_what_a_plain_run_uses()
    {
        using var server = new LocalServer(File.ReadAllBytes(Data("keras.h5")));
        var (output, error) = Run("fetch", "vgg19", "--url", server.Url("vgg19_notop.h5").ToString());
        var installed = Path.Combine(Locator.CacheFolder, "vgg19.npz");
        Assert.Equal(installed, output.Trim());
        Assert.Contains("16 convolutions down to relu5_4, preprocessing caffe-bgr", error);
        Assert.Equal(installed, Locator.Locate().Path);
        foreach (var command in (string[])["inspect", "verify"]) Assert.Contains("5_4", Run(command, "vgg19").Output);
        Assert.Contains("16 convolutions", Run("convert", "vgg19", Path.Combine(_folder, "copy.npz")).Error);
        Assert.Contains("part of nst and not a file", Assert.Throws<InvalidInputException>(() => Run("inspect", "builtin")).Message);
        Assert.Contains($"runs use: {installed} (installed by nst weights fetch)", Run("list").Output);
    }

    [Fact]
    public void Fetch_without_a_name_installs_under_that_of_the_file()
    {
        using var server = new LocalServer(File.ReadAllBytes(Data("keras.h5")));
        Assert.Equal(Path.Combine(Locator.CacheFolder, "my_vgg.npz"),
            Run("fetch", "--url", server.Url("my_vgg.h5").ToString()).Output.Trim());
    }

    [Fact]
    public void The_bar_of_a_terminal_shows_how_much_has_come_and_messages_stand_above_it()
    {
        var error = new StringWriter();
        var result = FetchReporter.Show(error, isTerminal: true, reporter =>
        {
            reporter.Report(new FetchProgress(0, 59_000_000));
            reporter.Report(new FetchProgress(29_600_000, 59_000_000, "the connection was cut; trying again"));
            reporter.Report(new FetchProgress(59_000_000, 59_000_000));
            return 7;
        });
        Assert.Equal(7, result);
        Assert.Contains("nst: note: the connection was cut; trying again", error.ToString());
        Assert.Contains("100%", error.ToString());
        Assert.Contains("59 MB of 59 MB", error.ToString());
    }

    [Fact]
    public void Elsewhere_there_are_lines()
    {
        var error = new StringWriter();
        FetchReporter.Show(error, isTerminal: false, reporter =>
        {
            foreach (var done in (long[])[0, 29_500_000, 59_000_000]) reporter.Report(new FetchProgress(done, 59_000_000));
            return 0;
        });
        Assert.Equal("30 MB of 59 MB",
            Assert.Single(error.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries)));
    }

    [Fact]
    public void Fetch_tells_the_bytes_and_obeys_to_half_keep_and_preprocessing()
    {
        using var server = new LocalServer(File.ReadAllBytes(Data("torch-zip.pth")));
        var (output, error) = Run("fetch", "mine", "--url", server.Url("x.pth")
            .ToString(), "--to", Path.Combine(_folder, "vgg"), "--half", "--keep", "--preprocessing", "caffe-bgr", "--padding", "reflect");
        Assert.Equal(Path.Combine(_folder, "vgg", "mine.npz"), output.Trim());
        Assert.True(File.Exists(Path.Combine(_folder, "vgg", "x.pth")));
        Assert.Contains("fetched 33095 of 33095 bytes", error);
        var inspection = WeightsFile.Inspect(output.Trim());
        Assert.Equal("float16", inspection.Layers[0].NumberFormat);
        Assert.Equal((Preprocessing.CaffeBgr, PaddingMode.Reflect), (inspection.Preprocessing, inspection.Padding));
    }

    [Theory]
    [InlineData("'vgg20' is not a known source", "fetch", "vgg20")]
    [InlineData("--sha256 needs --url", "fetch", "--sha256", "ab")]
    [InlineData("expected 64 hexadecimal digits", "fetch", "x", "--url", "https://127.0.0.1/x", "--sha256", "ab")]
    [InlineData("which is not an address", "fetch", "--url", "here")]
    [InlineData("expected https", "fetch", "--url", "http://example.com/x")]
    [InlineData("'a/b' is not a valid name for weights", "fetch", "a/b", "--url", "https://127.0.0.1/x")]
    [InlineData("--preprocessing 'rgb' is not known; valid: caffe-rgb, caffe-bgr, torchvision", "fetch", "--preprocessing", "rgb")]
    [InlineData("neither a file nor an installed network", "inspect", "none.npz")]
    [InlineData("neither a file nor an installed network", "verify", "none.npz")]
    [InlineData("neither a file nor an installed network", "convert", "none.npz", "out.npz")]
    [InlineData("ends with .npz", "convert", "none.npz", "out.h5")]
        public void Bad_usage_is_refused_in_one_line(string expected, params string[] args)
    {
        var message = Assert.Throws<InvalidInputException>(() => Run(args)).Message;
        Assert.Contains(expected, message);
        Assert.DoesNotContain('\n', message);
    }

    [Fact]
    public void Convert_keeps_values_and_preprocessing_and_inspect_shows_them()
    {
        var converted = Path.Combine(_folder, "out.npz");
        var (_, error) = Run("convert", Data("keras.h5"), converted);
        Assert.Contains("16 convolutions down to relu5_4", error);
        var before = Run("inspect", Data("keras.h5")).Output;
        var after = Run("inspect", converted).Output;
        Assert.Contains("conv1_1  block1_conv1/block1_conv1_W_1:0  3x3x3x4", before);
        Assert.Contains("(a guess: usual for files with layers named like block1_conv1)", before);
        Assert.Contains("the colours are a guess: caffe-bgr", error);
        Assert.Matches("lacks +nothing", after);
        Assert.Contains("caffe-bgr (the file says so)", after);
        Assert.Contains("0 to 255, mean 103.939 116.779 123.68, standard deviation 1 1 1", after);
        Assert.Equal(Line(before, "SHA-256 of the values"), Line(after, "SHA-256 of the values"));
    }

    [Fact]
    public void Verify_runs_the_network()
    {
        var (output, _) = Run("verify", Data("numpy.npz"));
        Assert.Contains("relu5_4", output);
        Assert.Contains("activations: sane at every layer", output);
        Assert.Contains("hash: no known source", output);
    }

    [Fact]
    public void Verify_refuses_a_dead_network()
    {
        var weights = WeightsFile.Load(Data("numpy.npz"));
        var third = weights.Convolutions[2];
        Array.Fill(third.Bias, -1e9f);
        var path = Path.Combine(_folder, "dead.npz");
        NpzWriter.Write(path, weights);
        Assert.Contains("relu2_1 is dead", Assert.Throws<InvalidInputException>(() => Run("verify", path)).Message);
    }

    private WeightsLocator Locator =>
        new() { CurrentFolder = _folder, ProgramFolder = _folder, CacheFolder = Path.Combine(_folder, "cache"), VariableValue = null };

    private (string Output, string Error) Run(params string[] args)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var configuration = new InvocationConfiguration { Output = output, Error = error, EnableDefaultExceptionHandler = false };
        Assert.Equal(0, WeightsCommand.Create(Locator).Parse(args).Invoke(configuration));
        return (output.ToString().ReplaceLineEndings("\n"), error.ToString());
    }

    private static string Line(string text, string start) =>
        text.Split('\n').Single(line => line.Trim().StartsWith(start, StringComparison.Ordinal));

    private static string Data(string file) => Path.Combine(AppContext.BaseDirectory, "Data", "weights", file);
}

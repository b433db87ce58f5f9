using System.Security.Cryptography;
using NeuralStyle.Vgg;
using NeuralStyle.Weights;
using NeuralStyle.Weights.Download;

namespace NeuralStyle.Tests.Weights;

/// <summary>The way from a server into the folder, when all goes well.</summary>
public sealed class WeightsFetcherTests(ITestOutputHelper output) : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("w.npz", 0.2)]
    [InlineData("w.safetensors", 0.2)]
    [InlineData("w.pth", 0.2)]
    [InlineData("w-legacy.pth", 0.2)]
    public void Only_the_convolutions_are_fetched_where_the_format_allows_it(string name, double mostOfFile)
    {
        var expected = SmallVgg.Create(width: 12);
        var file = LargeFiles.Create(name, expected, classifierBytes: 4_000_000);
        using var server = new LocalServer(file);
        var result = Fetch(server.Url(name));
        output.WriteLine($"{name}: {result.BytesFetched} of {result.FileBytes} bytes in {result.Requests} requests");
        SmallVgg.AssertSame(expected, WeightsFile.Load(_folder["out", "test.npz"]));
        Assert.Equal(file.Length, result.FileBytes);
        Assert.InRange(result.BytesFetched, 1, (long)(file.Length * mostOfFile));
        Assert.Equal(["test.npz"], Visible());
    }

    [Theory]
    [InlineData("numpy.npz")]
    [InlineData("numpy-compressed.npz")]
    [InlineData("model.safetensors")]
    [InlineData("torch-zip.pth")]
    [InlineData("torch-legacy.pth")]
    [InlineData("keras.h5")]
    public void Every_format_arrives_bit_identical(string file)
    {
        var path = Path.Combine(AppContext.BaseDirectory, "Data", "weights", file);
        using var server = new LocalServer(File.ReadAllBytes(path));
        var result = Fetch(server.Url(file));
        SmallVgg.AssertSame(WeightsFile.Load(path), result.Weights);
        SmallVgg.AssertSame(WeightsFile.Load(path), WeightsFile.Load(result.Path));
        Assert.Equal(WeightsFile.Load(path).Preprocessing, WeightsFile.Load(result.Path).Preprocessing);
    }

    [Fact]
    public void Without_ranges_the_whole_file_is_fetched_and_the_user_told()
    {
        var file = LargeFiles.Create("w.npz", SmallVgg.Create(), 500_000);
        using var server = new LocalServer((_, _, stream, token) =>
            LocalServer.SendAsync(stream, "200 OK", [$"Content-Length: {file.Length}"], file, token));
        var messages = new Messages();
        var result = Fetch(server.Url("w.npz"), progress: messages);
        Assert.Equal(file.Length, result.BytesFetched);
        Assert.Contains("the server cannot send parts of a file: fetching the whole", messages.All);
    }

    [Fact]
    public void Without_ranges_or_length_the_whole_file_is_fetched()
    {
        var file = LargeFiles.Create("w.npz", SmallVgg.Create(), 100_000);
        using var server = new LocalServer((_, _, stream, token) => LocalServer.SendAsync(stream, "200 OK", [], file, token));
        Assert.Equal(file.Length, Fetch(server.Url("w.npz")).BytesFetched);
    }

    [Fact]
    public void Keeping_the_original_fetches_it_whole()
    {
        var file = LargeFiles.Create("w.npz", SmallVgg.Create(), 300_000);
        using var server = new LocalServer(file);
        Fetch(server.Url("..%2Fw.npz"), request => request with { Keep = true });
        Assert.Equal(["test.npz", "w.npz.original"], Visible());
        Assert.Equal(file, File.ReadAllBytes(_folder["out", "w.npz.original"]));
    }

    [Theory]
    [InlineData("test.npz")]
    [InlineData("TEST.NPZ")]
    [InlineData("other.npz")]
    [InlineData("values.json")]
    public void The_original_never_replaces_an_installed_network_or_the_hashes(string name)
    {
        var file = LargeFiles.Create("w.npz", SmallVgg.Create(), 100_000);
        Directory.CreateDirectory(_folder["out"]);
        File.WriteAllText(_folder["out", "other.npz"], "installed");
        using var server = new LocalServer(file);
        Fetch(server.Url(name), request => request with { Keep = true });
        Assert.Equal("installed", File.ReadAllText(_folder["out", "other.npz"]));
        Assert.Equal(file, File.ReadAllBytes(_folder["out", name + ".original"]));
        SmallVgg.AssertSame(SmallVgg.Create(), WeightsFile.Load(_folder["out", "test.npz"]));
        Fetch(server.Url(name)); // the remembered hashes can still be read
    }

    [Fact]
    public void Half_precision_is_half_the_size()
    {
        using var server = new LocalServer(LargeFiles.Create("w.npz", SmallVgg.Create(width: 24), 0));
        var single = new FileInfo(Fetch(server.Url("w.npz")).Path).Length;
        var half = new FileInfo(Fetch(server.Url("w.npz"), request => request with { Format = NumberFormat.Float16 }).Path).Length;
        Assert.InRange((double)half / single, 0.45, 0.55);
    }

    [Fact]
    public void A_hash_given_by_the_user_may_be_of_the_values_or_of_the_file()
    {
        var weights = SmallVgg.Create();
        var file = LargeFiles.Create("w.npz", weights, 1_000_000);
        using var server = new LocalServer(file);
        var byValues = Fetch(server.Url("w.npz"), request => request with { Sha256 = WeightsHash.OfValues(weights.Convolutions) });
        Assert.True(byValues.BytesFetched < file.Length / 2);
        var byFile = Fetch(server.Url("w.npz"), request => request with { Sha256 = Convert.ToHexString(SHA256.HashData(file)) });
        Assert.Equal(file.Length, byFile.BytesFetched);
        Assert.Equal("its SHA-256 is as expected", byFile.Verification);
    }

    [Fact]
    public void A_known_source_is_verified_by_its_hash_and_brings_its_preprocessing()
    {
        var file = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Data", "weights", "torch-legacy.pth"));
        using var server = new LocalServer(file);
        var source = KnownSources.Parse("vgg19-caffe") with
        {
            Url = server.Url("vgg19-d01eb7cb.pth"),
            Sha256Prefix = Convert.ToHexStringLower(SHA256.HashData(file))[..8],
        };
        var result = Fetch(source.Url, request => request with { Source = source });
        Assert.Equal(Preprocessing.CaffeBgr, WeightsFile.Load(result.Path).Preprocessing);
        Assert.Equal("the beginning of its SHA-256 is as expected", result.Verification);
#pragma warning disable CA5351 // the hash that Keras publishes
        var keras = KnownSources.Parse("vgg19") with { Url = source.Url, Md5 = Convert.ToHexStringLower(MD5.HashData(file)) };
#pragma warning restore CA5351
        Assert.Equal("its MD5 is as expected", Fetch(source.Url, request => request with { Source = keras }).Verification);
    }

    [Fact]
    public void A_broken_download_goes_on_in_the_next_run()
    {
        var file = LargeFiles.Create("w.npz", SmallVgg.Create(), 2_000_000);
        var healthy = false;
        // Sick, the server sends 100,000 bytes of any long answer and then nothing but errors.
        var sent = 0;
        using var server = new LocalServer((request, _, stream, token) =>
        {
            if (healthy || request.Range is (0, < 20_000)) return LocalServer.SendRangeAsync(request, file, stream, token);
            return sent++ == 0
                ? LocalServer.SendRangeAsync(request, file, stream, token, cutAfter: 1_200_000)
                : LocalServer.SendAsync(stream, "503 Busy", [], default, token);
        });
        Assert.Throws<RunFailedException>(() => Fetch(server.Url("w.npz"), request => request with { Keep = true }));
        Assert.Empty(Visible());
        healthy = true;
        var result = Fetch(server.Url("w.npz"), request => request with { Keep = true });
        Assert.InRange(result.BytesFetched, 1, file.Length - 1_100_000);
        Assert.Equal(file, File.ReadAllBytes(_folder["out", "w.npz.original"]));
    }

    [Fact]
    public void A_file_that_changed_between_runs_is_fetched_anew()
    {
        byte[][] files = [LargeFiles.Create("w.npz", SmallVgg.Create(seed: 1), 500_000),
            LargeFiles.Create("w.npz", SmallVgg.Create(seed: 2), 500_000)];
        var version = 0;
        using var server = new LocalServer((request, count, stream, token) => version == 0 && count > 0
            ? LocalServer.SendAsync(stream, "404 Gone", [], default, token)
            : LocalServer.SendRangeAsync(request, files[version], stream, token, $"\"{version}\""));
        Assert.Throws<RunFailedException>(() => Fetch(server.Url("w.npz")));
        version = 1;
        SmallVgg.AssertSame(SmallVgg.Create(seed: 2), Fetch(server.Url("w.npz")).Weights);
    }

    private FetchResult Fetch(Uri url, Func<FetchRequest, FetchRequest>? with = null, IProgress<FetchProgress>? progress = null)
    {
        var request = new FetchRequest("test", url, _folder["out"]) { Options = FetchFailureTests.Impatient };
        return WeightsFetcher.Fetch(with is null ? request : with(request), progress, TestContext.Current.CancellationToken);
    }

    private string[] Visible() =>
        Directory.GetFiles(_folder["out"])
            .Select(file => Path.GetFileName(file)!)
            .Where(name => name[0] != '.' && name != "values.json")
            .Order(StringComparer.Ordinal)
            .ToArray();

    private sealed class Messages : IProgress<FetchProgress>
    {
        public List<string> All { get; } = [];

        public void Report(FetchProgress value)
        {
            if (value.Message is { } message) All.Add(message);
        }
    }
}

using System.Diagnostics;
using System.Globalization;
using NeuralStyle.Tests.Infra;
using NeuralStyle.Weights;
using NeuralStyle.Weights.Formats.TensorFlow;

namespace NeuralStyle.Tests.Weights;

/// <summary>
/// Damaged files of every format never crash, hang or make nst allocate more than four times what they hold. A short run by default;
/// the long one: <c>NST_FUZZ_FILES=200000 dotnet test --project tests/NeuralStyle.Tests --filter-class '*WeightsFuzzTests'</c>;
/// NST_FUZZ_ONLY names one of the files.
/// </summary>
[Collection(Apart.Collection), Trait(Apart.Trait, Apart.Value)]
public sealed class WeightsFuzzTests(ITestOutputHelper output)
{
    // Buffers of 60 tensors, messages and exceptions: what an intact file of this size costs beyond its values.
    private const long Overhead = 1 << 20;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    [Theory]
    [InlineData("numpy.npz")]
    [InlineData("numpy-compressed.npz")]
    [InlineData("model.safetensors")]
    [InlineData("torch-zip.pth")]
    [InlineData("torch-checkpoint.pth")]
    [InlineData("torch-legacy.pth")]
    [InlineData("keras.h5")]
    [InlineData("keras-latest.h5")]
    [InlineData("keras3.weights.h5")]
    [InlineData("model.keras")]
    [InlineData("matconvnet.mat")]
    [InlineData("matconvnet-compressed.mat")]
    [InlineData("dictionary.npy")]
    [InlineData("paddle.pdparams")]
    [InlineData("caffe.caffemodel")]
    [InlineData("caffe-2013.caffemodel")]
    [InlineData("gluon.onnx")]
    [InlineData("numbered.onnx")]
    [InlineData("adain.pth")]
    [InlineData("bn.pth")]
    [InlineData("nested.pth")]
    [InlineData("module-legacy.pth")]
    [InlineData("script.pt")]
    [InlineData("slim.ckpt")]
    [InlineData("slim.index")]
    public void Damaged_files_are_refused_in_one_line_or_read(string file)
    {
        var only = Environment.GetEnvironmentVariable("NST_FUZZ_ONLY");
        Assert.SkipUnless(only is null || only == file, "NST_FUZZ_ONLY names another file");
        var count = int.Parse(Environment.GetEnvironmentVariable("NST_FUZZ_FILES") ?? "400", CultureInfo.InvariantCulture);
        var first = int.Parse(Environment.GetEnvironmentVariable("NST_FUZZ_SEED") ?? "0", CultureInfo.InvariantCulture);
        var original = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Data", "weights", file));
        var data = file.EndsWith(".index", StringComparison.Ordinal)
            ? File.ReadAllBytes(
                Path.Combine(AppContext.BaseDirectory, "Data", "weights", Path.ChangeExtension(file, ".data-00000-of-00001")))
            : null;
        Try(original, data, -1); // warms up: what is loaded once is no file's fault
        var (read, mostAllocated, slowest) = (0, 0L, TimeSpan.Zero);
        var gate = new Lock();
        Parallel.For(first, first + count, seed =>
        {
            var damaged = FileMutator.Mutate(original, seed);
            var (wasRead, allocated, time) = Try(damaged, data, seed);
            // other programs may have had the processor
            for (var again = 0; again < 5 && time > Patience; again++) (_, _, time) = Try(damaged, data, seed);
            Assert.True(allocated <= 4 * (damaged.Length + (data?.Length ?? 0)) + Overhead,
                $"seed {seed}: {allocated} bytes allocated for a file of {damaged.Length}");
            Assert.True(time < Patience, $"seed {seed}: {time}");
            lock (gate)
            {
                if (wasRead) read++;
                if (allocated > mostAllocated) mostAllocated = allocated;
                if (time > slowest) slowest = time;
            }
        });
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{file} ({original.Length} bytes): {count} damaged files, {read} still readable, {count - read} refused; at most "
                + $"{mostAllocated} bytes allocated, {slowest.TotalMilliseconds:F0} ms"));
    }

    private static (bool WasRead, long Allocated, TimeSpan Time) Try(byte[] bytes, byte[]? data, int seed)
    {
        // the shorter of the clock and the processor's time: other programs, and other threads of this one, do not count
        var (clock, spent) = (Stopwatch.StartNew(), Environment.CpuUsage.TotalTime);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var wasRead = false;
        try
        {
            WeightsReader.Guard("file", () =>
            {
                using var source = new MemorySource(bytes);
                var archive = data is null ? ArchiveReader.Open(source) : CheckpointArchive.Open(source, new MemorySource(data));
                using var reader = new WeightsReader(archive, source.Length, "file", WeightsHash.Sha256(source));
                reader.Inspect();
                return reader.Read();
            });
            wasRead = true;
        }
        catch (InvalidInputException refusal)
        {
            Assert.False(refusal.Message.Any(char.IsControl) || refusal.Message.Length > 600, $"seed {seed}: {refusal.Message}");
        }
        catch (Exception failure)
        {
            Assert.Fail($"seed {seed}: {failure}");
        }
        var (elapsed, worked) = (clock.Elapsed, Environment.CpuUsage.TotalTime - spent);
        return (wasRead, GC.GetAllocatedBytesForCurrentThread() - before, elapsed < worked ? elapsed : worked);
    }
}

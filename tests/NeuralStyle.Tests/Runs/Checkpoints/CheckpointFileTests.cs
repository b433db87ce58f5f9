using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using NeuralStyle.Evaluation.Tiling;
using NeuralStyle.Memory;
using NeuralStyle.Runs.Checkpoints;
using NeuralStyle.Tests.Infra;
using static TorchSharp.torch;

namespace NeuralStyle.Tests.Runs.Checkpoints;

/// <summary>What is no intact checkpoint of this very run is refused in one line.</summary>
public sealed class CheckpointFileTests : IDisposable
{
    private const long Overhead = 1 << 20; // JSON, messages and exceptions

    private readonly TempFolder _folder = new();
    private readonly string _path;
    private readonly byte[] _intact;

    public CheckpointFileTests()
    {
        _path = _folder["run.nst-checkpoint"];
        using var run = new ShortRun(ShortRun.Settings, _path);
        using var stop = new CancellationTokenSource();
        run.Run(every: TimeSpan.MaxValue, stop: stop, progress: n => { if (n == 2) stop.Cancel(); });
        _intact = File.ReadAllBytes(_path);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Values_of_every_type_and_shape_come_back_to_the_bit()
    {
        using var scope = NewDisposeScope();
        Tensor[] tensors = [rand(2, 3, 5), tensor(7L), tensor(0.1, ScalarType.Float64), zeros(0), rand(9).to(ScalarType.BFloat16),
            rand(4).to(ScalarType.Float16), rand(12_000_000), rand(6, 4).transpose(0, 1), tensor(new byte[] { 1, 255 })];
        CheckpointWriter.Write(_path, new CheckpointHeader
        {
            Record = [], Device = "cpu", Threads = 2, Scale = 1, Iteration = 3, Seconds = 1.5,
                Choices = [new MemoryChoice(new TileSize(64), 4)],
            Tensors = tensors.Select((value, index) => new CheckpointTensor($"{index}", ElementTypes.NameOf(value.dtype), value.shape))
                .ToArray(),
        }, tensors);
        var (header, read) = CheckpointReader.Read(_path);
        Assert.Equal((1, 3, 1.5), (header.Scale, header.Iteration, header.Seconds));
        foreach (var (index, value) in tensors.Index())
        {
            Assert.Equal(value.shape, read[$"{index}"].shape);
            Assert.Equal(value.dtype, read[$"{index}"].dtype);
            Assert.True(value.contiguous().bytes.SequenceEqual(read[$"{index}"].bytes), $"tensor {index}");
        }
    }

    [Fact]
    public void Another_size_is_named_with_both_values()
    {
        using var run = new ShortRun(ShortRun.Settings with { Size = 50 }, _path);
        Assert.Equal($"checkpoint '{_path}' belongs to another run (settings.size: 48 against 50); give the options and files of that run, "
            + $"or start again without CheckpointSettings.Resume", Refusal(run));
    }

    [Fact]
    public void Another_content_picture_is_named()
    {
        using var run = new ShortRun(ShortRun.Settings, _path) { ContentHash = "c1" };
        Assert.Contains("(content: another file)", Refusal(run), StringComparison.Ordinal);
    }

    [Fact]
    public void A_newer_version_is_said_to_be_newer()
    {
        var newer = _intact.ToArray();
        BinaryPrimitives.WriteInt32LittleEndian(newer.AsSpan(8), CheckpointFormat.Version + 1);
        Assert.Contains("was written by a newer nst (format 2, this one reads 1)", RefusalOf(newer), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_of_another_kind_is_said_to_be_no_checkpoint() =>
        Assert.Contains("is not a checkpoint of nst", RefusalOf(Encoding.ASCII.GetBytes(new string('x', 1000))), StringComparison.Ordinal);

    [Fact]
    public void A_file_cut_off_anywhere_is_damaged()
    {
        for (var length = 0; length < _intact.Length; length += 1 + length / 40)
            Assert.Contains("is damaged", RefusalOf(_intact[..length]), StringComparison.Ordinal);
        Assert.Contains("is damaged", RefusalOf(_intact[..^1]), StringComparison.Ordinal);
        Assert.Contains("is damaged", RefusalOf([.. _intact, 0]), StringComparison.Ordinal);
    }

    [Fact]
    public void A_single_wrong_bit_anywhere_is_noticed()
    {
        var random = new Random(1);
        for (var i = 0; i < 200; i++)
        {
            var damaged = _intact.ToArray();
            var at = i < 100 ? i : random.Next(damaged.Length);
            damaged[at] ^= (byte)(1 << random.Next(8));
            Assert.NotEqual("", RefusalOf(damaged));
        }
    }

    [Fact]
    public void Mutations_with_a_correct_checksum_are_refused_in_one_line_or_run_and_take_no_memory_beyond_the_file()
    {
        using var run = new ShortRun(ShortRun.Settings, _path);
        using var stop = ShortRun.AtOnce();
        var header = CheckpointFormat.PrefixLength + (int)BinaryPrimitives.ReadInt64LittleEndian(_intact.AsSpan(12));
        var (refused, read) = (0, 0);
        for (var seed = 0; seed < 400; seed++)
        {
            // Change the header, where the structure is; every other time keep its length right, so that the change gets as far as
            // possible.
            var changed = FileMutator.Mutate(_intact[(seed % 2 == 0 ? 8 : CheckpointFormat.PrefixLength)..header], seed);
            byte[] start = seed % 2 == 0
                ? [.. _intact[..8], .. changed]
                : [.. _intact[..12], .. BitConverter.GetBytes((long)changed.Length), .. changed];
            byte[] body = [.. start, .. _intact[header..^32]];
            File.WriteAllBytes(_path, [.. body, .. SHA256.HashData(body)]);
            var before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                using var scope = NewDisposeScope();
                var (_, tensors) = CheckpointReader.Read(_path);
                Assert.InRange(tensors.Values.Sum(tensor => tensor.numel() * tensor.element_size()), 0, body.Length);
                run.Run(resume: true, every: TimeSpan.MaxValue, stop: stop);
                read++;
            }
            catch (InvalidInputException failure)
            {
                Assert.DoesNotContain('\n', failure.Message);
                Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4L * body.Length + Overhead);
                refused++;
            }
        }
        Assert.True(refused > 300 && read > 0, $"{refused} refused, {read} read: the mutations are too weak or too strong");
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    [InlineData(100_000)]
    public void Losses_of_another_number_than_the_run_has_are_refused(int more)
    {
        using (NewDisposeScope())
        {
            var (header, tensors) = CheckpointReader.Read(_path);
            var values = header.Tensors.ToDictionary(tensor => tensor.Name, tensor => tensors[tensor.Name]);
            values["optimizer/raw"] = ones(values["optimizer/raw"].numel() + more);
            CheckpointWriter.Write(_path, header with
            {
                Tensors = values.Select(value => new CheckpointTensor(value.Key, ElementTypes.NameOf(value.Value.dtype), value.Value.shape))
                    .ToArray(),
            }, values.Values);
        }
        using var run = new ShortRun(ShortRun.Settings, _path);
        Assert.Contains("its parts do not fit together", Refusal(run), StringComparison.Ordinal);
    }

    /// <summary>More with the variable NST_FUZZ_CHECKPOINTS: their number.</summary>
    [Fact]
    public void Fields_of_any_value_with_a_correct_checksum_are_refused_in_one_line_or_the_run_continues()
    {
        var count = int.Parse(Environment.GetEnvironmentVariable("NST_FUZZ_CHECKPOINTS") ?? "300",
            System.Globalization.CultureInfo.InvariantCulture);
        using var run = new ShortRun(ShortRun.Settings, _path);
        var end = CheckpointFormat.PrefixLength + (int)BinaryPrimitives.ReadInt64LittleEndian(_intact.AsSpan(12));
        var json = Encoding.UTF8.GetString(_intact[CheckpointFormat.PrefixLength..end]);
        var refused = 0;
        for (var seed = 0; seed < count; seed++)
        {
            var changed = Encoding.UTF8.GetBytes(JsonMutator.Mutate(json, seed));
            byte[] body = [.. _intact[..12], .. BitConverter.GetBytes((long)changed.Length), .. changed, .. _intact[end..^32]];
            File.WriteAllBytes(_path, [.. body, .. SHA256.HashData(body)]);
            using var stop = new CancellationTokenSource();
            try
            {
                run.Run(resume: true, every: TimeSpan.MaxValue, stop: stop, progress: _ => stop.Cancel()); // an iteration of it
            }
            catch (InvalidInputException failure)
            {
                Assert.DoesNotContain('\n', failure.Message);
                refused++;
            }
        }
        Assert.InRange(refused, count / 4, count - 1);
    }

    private string RefusalOf(byte[] file)
    {
        File.WriteAllBytes(_path, file);
        using var run = new ShortRun(ShortRun.Settings, _path);
        return Refusal(run);
    }

    private static string Refusal(ShortRun run)
    {
        using var stop = ShortRun.AtOnce();
        var before = GC.GetAllocatedBytesForCurrentThread();
        var failure = Assert.ThrowsAny<InvalidInputException>(() => run.Run(resume: true, every: TimeSpan.MaxValue, stop: stop));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4 * Overhead);
        Assert.DoesNotContain('\n', failure.Message);
        return failure.Message;
    }
}

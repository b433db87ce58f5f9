using System.Diagnostics;
using System.Globalization;
using NeuralStyle.Cli.Tests.Infra;
using NeuralStyle.Imaging;

namespace NeuralStyle.Cli.Tests;

/// <summary>Pictures come from anyone, and with them what <c>nst rerun</c> reads: it makes a picture or says in one line why not.</summary>
public sealed class RecordFuzzTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>More with the variable NST_FUZZ_RECORDS: their number.</summary>
    [Fact]
    public async Task A_record_with_fields_of_any_value_is_repeated_or_refused_in_one_line()
    {
        TestInputs.WritePhotograph(_folder["content.png"], 48, 32);
        TestInputs.WritePainting(_folder["style.png"], 32, 32);
        TestInputs.WriteWeights(_folder["tiny.npz"]);
        string[] quick = ["--size", "32", "--min-size", "32", "--iterations", "0", "--first-iterations", "0", "--no-checkpoint", "-q"];
        Assert.Equal(0, (await Nst.RunAsync([_folder["content.png"], _folder["style.png"], "-o", _folder["made.png"], "--weights",
            _folder["tiny.npz"], "--style-weights", "2", "--protect", _folder["content.png"], .. quick])).Code);
        var record = PictureMetadata.TryRead(_folder["made.png"])!;
        using var content = Picture.Load(_folder["content.png"]);
        using var image = content.ToTensor(content.Size);

        var count = int.Parse(Environment.GetEnvironmentVariable("NST_FUZZ_RECORDS") ?? "150", CultureInfo.InvariantCulture);
        var refused = 0;
        for (var seed = 0; seed < count; seed++)
        {
            var mutated = JsonMutator.Mutate(record, seed);
            PictureWriter.Save(image, _folder["mutated.png"], new PictureOutput { Metadata = mutated });
            var clock = Stopwatch.StartNew();
            var result = await Nst.RunAsync(["rerun", _folder["mutated.png"], "-o", _folder["again.png"], .. quick]);
            Assert.True(result.Code is 0 or 2 && result.Complaints.Count <= 1, $"{seed}: {result.Code} {result.Error} {mutated}");
            Assert.DoesNotContain('\u001b', result.Error);
            Assert.InRange(clock.Elapsed.TotalSeconds, 0, 60);
            if (result.Code == 2) refused++;
        }
        Assert.InRange(refused, count / 4, count - 1);
    }
}

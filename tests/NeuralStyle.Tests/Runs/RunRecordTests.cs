using NeuralStyle.Imaging;
using NeuralStyle.Losses;
using NeuralStyle.Runs;
using NeuralStyle.Settings;
using NeuralStyle.Vgg;

namespace NeuralStyle.Tests.Runs;

public sealed class RunRecordTests
{
    private static readonly RunRecord Sample = new()
    {
        Content = new InputFile("a \"quoted\" näme.jpg", "00ff"),
        Styles = [new InputFile("s.png", "11ee")],
        StyleWeights = [1.5],
        Weights = new InputFile("vgg19.npz", "22dd"),
        Settings = new StyleSettings
        {
            Size = 777, Start = StartImage.Parse("blend:0.25"), StyleLoss = StyleLossKind.Rms, Pooling = Pooling.Average,
            Padding = PaddingMode.Reflect, StyleLayers = LayerWeight.ParseList("", "relu1_1:0.5,relu3_1:2"),
        },
    };

    [Fact]
    public void What_was_written_reads_back_the_same()
    {
        var json = Sample.ToJson();
        Assert.Equal(json, RunRecord.FromJson(json).ToJson());
        var settings = RunRecord.FromJson(json).Settings;
        Assert.Equal((777, StyleLossKind.Rms, Pooling.Average, PaddingMode.Reflect),
            (settings.Size, settings.StyleLoss, settings.Pooling, settings.Padding));
        Assert.Equal(Sample.Settings.Start, settings.Start);
        Assert.Equal(Sample.Settings.StyleLayers, settings.StyleLayers);
    }

    [Fact]
    public void A_picture_of_before_there_were_these_settings_was_made_without_them()
    {
        var json = System.Text.Json.Nodes.JsonNode.Parse(Sample.ToJson())!;
        Assert.Equal((8, 0.5, 0.5), (Sample.Settings.Bleed, Sample.Settings.Detail, Sample.Settings.MiddleShare));
        foreach (var name in (string[])["bleed", "detail", "middleShare"]) Assert.True(json["settings"]!.AsObject().Remove(name));
        var settings = RunRecord.FromJson(json.ToJsonString()).Settings;
        Assert.Equal((0, 0.0, 1.0, 777), (settings.Bleed, settings.Detail, settings.MiddleShare, settings.Size));
    }

    [Fact]
    public void A_record_of_an_older_version_reads_as_the_same_record()
    {
        var json = System.Text.Json.Nodes.JsonNode.Parse(Sample.ToJson())!.AsObject();
        Assert.True(json.Remove("encoding") && json.Remove("padding"));
        (json["bitDepth"], json["quality"]) = (16, 80);
        var read = RunRecord.FromJson(json.ToJsonString());
        Assert.Equal((16, 80), (read.Encoding.BitDepth, read.Encoding.Quality));
        var now = Sample with { Encoding = new PictureOutput { BitDepth = 16, Quality = 80 }, Padding = PaddingMode.Reflect };
        Assert.Equal(now.Fingerprint, read.Fingerprint);
        Assert.DoesNotContain("\"bitDepth\":16,\"completed", read.ToJson());
    }

    [Fact]
    public void The_names_are_those_of_the_options()
    {
        var json = Sample.ToJson();
        Assert.DoesNotContain("\n", json);
        foreach (var part in (string[])["\"pooling\":\"avg\"", "\"styleLoss\":\"rms\"", "\"start\":\"blend:0.25\"",
            "\"styleLayers\":\"relu1_1:0.5,relu3_1:2\""]) Assert.Contains(part, json);
    }

    [Fact]
    public void The_fingerprint_survives_writing_and_does_not_depend_on_names()
    {
        Assert.Equal(Sample.Fingerprint, RunRecord.FromJson(Sample.ToJson()).Fingerprint);
        var renamed = Sample with { Content = Sample.Content! with { Path = "b.jpg" }, Styles = [Sample.Styles[0] with { Path = "t.png" }],
            Weights = Sample.Weights with { Path = "w.npz" } };
        Assert.Equal(Sample.Fingerprint, renamed.Fingerprint);
    }

    [Fact]
    public void The_fingerprint_changes_with_everything_that_decides_the_picture()
    {
        RunRecord[] others =
        [
            Sample with { Content = Sample.Content! with { Sha256 = "33" } },
            Sample with { Styles = [Sample.Styles[0] with { Sha256 = "33" }] },
            Sample with { Styles = [Sample.Styles[0], Sample.Styles[0]] },
            Sample with { Start = new InputFile("start.png", "33") },
            Sample with { Weights = Sample.Weights with { Sha256 = "33" } },
            Sample with { Preprocessing = "torchvision" },
            Sample with { Settings = Sample.Settings with { Seed = 5 } },
            Sample with { Encoding = new PictureOutput { BitDepth = 16 } },
            Sample with { Encoding = new PictureOutput { Quality = 80 } },
            Sample with { Version = "99" },
            Sample with { Completed = false },
        ];
        Assert.Equal(others.Length + 1, others.Append(Sample).Select(record => record.Fingerprint).Distinct().Count());
    }

    /// <summary>More with the variable NST_FUZZ_RECORDS: their number.</summary>
    [Fact]
    public void Whatever_stands_in_a_record_it_is_read_whole_or_refused_in_one_line()
    {
        var full = Sample with
        {
            Start = new InputFile("start.png", "33"), ContentMask = new InputFile("m.png", "44"), StyleMasks = [null],
            Protect = new InputFile("p.png", "55"), Preprocessing = "torchvision",
        };
        var count = int.Parse(Environment.GetEnvironmentVariable("NST_FUZZ_RECORDS") ?? "2000",
            System.Globalization.CultureInfo.InvariantCulture);
        var refused = 0;
        for (var seed = 0; seed < count; seed++)
        {
            try
            {
                var read = RunRecord.FromJson(JsonMutator.Mutate(full.ToJson(), seed));
                Assert.NotEqual("", read.Fingerprint);
                Assert.DoesNotContain(read.Styles, style => style is null || style.Path is null || style.Sha256 is null);
                read.Settings.Validate();
            }
            catch (InvalidInputException failure)
            {
                Assert.DoesNotContain('\n', failure.Message);
                refused++;
            }
        }
        Assert.InRange(refused, count / 4, count - 1);
    }

    [Theory]
    [InlineData("{\"tool\":\"nst\",\"weights\":{\"path\":\"\",\"sha256\":\"\"},\"settings\":null}")]
    [InlineData("{\"tool\":\"nst\",\"weights\":{\"path\":\"\",\"sha256\":\"\"},\"settings\":{\"start\":\"\"}}")]
    [InlineData("{\"tool\":\"nst\",\"weights\":{\"path\":\"\",\"sha256\":\"\"},\"settings\":{\"start\":\"a\\u0000b\"}}")]
    [InlineData("{\"tool\":\"nst\",\"weights\":{\"path\":\"\",\"sha256\":\"\"},\"settings\":{\"optimizer\":9}}")]
    [InlineData("{\"tool\":\"nst\",\"weights\":{\"path\":\"\",\"sha256\":\"\"},\"settings\":{\"poolingScale\":-1}}")]
    [InlineData("{\"tool\":\"nst\",\"weights\":{\"path\":\"\",\"sha256\":\"\"},\"settings\":{\"size\":64,\"size\":65}}")]
    [InlineData("{\"tool\":\"nst\",\"weights\":{\"path\":null,\"sha256\":\"\"},\"settings\":{}}")]
    [InlineData("{\"tool\":\"nst\",\"weights\":{\"path\":\"\",\"sha256\":\"\"},\"settings\":{},\"styles\":[null]}")]
    [InlineData("{\"tool\":\"nst\",\"weights\":{\"path\":\"\",\"sha256\":\"\"},\"settings\":{},\"encoding\":{\"quality\":100000}}")]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("[1]")]
    [InlineData("null")]
    [InlineData("{\"tool\":\"other\",\"weights\":{\"path\":\"\",\"sha256\":\"\"},\"settings\":{}}")]
    public void Other_text_is_refused(string text) => Assert.Throws<InvalidInputException>(() => RunRecord.FromJson(text));
}

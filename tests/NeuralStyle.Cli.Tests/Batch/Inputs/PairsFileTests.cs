using NeuralStyle.Cli.Batch;
using NeuralStyle.Cli.Batch.Inputs;
using NeuralStyle.Cli.Jobs;
using NeuralStyle.Cli.Options;

namespace NeuralStyle.Cli.Tests.Batch.Inputs;

public sealed class PairsFileTests
{
    private static readonly JobOptions All = new();
    private static readonly PictureOptions Options = All.Picture;

    [Fact]
    public void Rows_name_pictures_and_options_of_their_own()
    {
        var pairs = Parse("content,style,output,--size,seed,preset,quality\na.jpg,x.jpg|y.jpg,out.jpg,64,,fast,80\n/b.jpg,x.jpg,,,7,,\n");
        Assert.Equal(["lists/x.jpg", "lists/y.jpg"], pairs[0].Styles);
        Assert.Equal(("lists/a.jpg", "out.jpg"), (pairs[0].Content, pairs[0].Output));
        Assert.Equal(("/b.jpg", null), (pairs[1].Content, pairs[1].Output));
        var binder = new SettingsBinder(All.Style);
        var (first, second) = (OptionTexts.Of(pairs[0].Options), OptionTexts.Of(pairs[1].Options));
        var settings = binder.Bind(first);
        Assert.Equal((64, "fast", 80), (settings.Size, settings.Preset, All.Output.EncodingOf(first).Quality));
        Assert.Equal(7, binder.Bind(second).Seed);
        Assert.Equal(95, All.Output.EncodingOf(second).Quality);
    }

    [Fact]
    public void Paths_of_options_start_from_the_file_too()
    {
        var options =
            Assert.Single(Parse("content,style,content-mask,style-mask,protect,init,style-weights\n"
                + "a.jpg,x.jpg|y.jpg,m.png,n.png|none,/p.png,start.png,\"2,1\"")).Options;
        Assert.Equal(["lists/n.png", null], All.Control.MasksOf(OptionTexts.Of(options))!);
        Assert.Equal([2, 1], All.Control.WeightsOf(OptionTexts.Of(options))!);
        Assert.Equal(("lists/m.png", "/p.png", "lists/start.png"), (options["--content-mask"], options["--protect"], options["--init"]));
    }

    [Theory]
    [InlineData("content,style\n\n,,\na.jpg,x.jpg\n,\n , \n")]
    [InlineData("sep=;\r\ncontent;style\r\na.jpg;x.jpg\r\n")]
    [InlineData("SEP=\t\rcontent\tstyle\ra.jpg\tx.jpg")]
    [InlineData("\r\n Content ;STYLE\r\n a.jpg ; x.jpg \r\n")]
    public void What_spreadsheets_leave_around_the_rows_does_not_count(string text)
    {
        var pair = Assert.Single(Parse(text));
        Assert.Equal(("lists/a.jpg", "lists/x.jpg"), (pair.Content, pair.Styles.Single()));
    }

    [Theory]
    [InlineData("", "is empty")]
    [InlineData("style\nx", "no column 'content'")]
    [InlineData("content\nx", "no column 'style'")]
    [InlineData("a.jpg,x.jpg\nb.jpg,x.jpg", "begins with 'a.jpg', which is no name of a column")]
    [InlineData("content|style\na|b", "begins with 'content|style'")]
    [InlineData("content,style,sice\na,b,c", "did you mean 'size'?")]
    [InlineData("content,style,size,-s\na,b,1,2", "the column '--size' twice")]
    [InlineData("content,style\n,b", "row 1 names no content")]
    [InlineData("content,style\na,b\na,", "row 2 names no style")]
    [InlineData("content,style\na,b|", "row 1 has an empty style beside a |")]
    [InlineData("content,style\na,|b", "row 1 has an empty style beside a |")]
    [InlineData("content,style\na,b,c", "row 1 has 3 fields for 2 columns")]
    public void A_wrong_file_is_refused_in_one_line(string text, string expected) =>
        Assert.Contains(expected, Assert.Throws<InvalidInputException>(() => Parse(text)).Message);

    [Fact]
    public void Failures_read_back_as_the_pairs_they_were()
    {
        var item = new BatchItem("/in/a, b.jpg", ["/in/x.jpg", "/in/y.jpg"], "sub/out.png",
            new Dictionary<string, string> { ["--size"] = "64", ["--style-mask"] = "/in/m.png|none", ["--init"] = "blend:0.5" });
        var plain = item with { Name = "other.png",
            Options = new Dictionary<string, string> { ["--protect"] = "/in/p.png", ["--style-weights"] = "2,1" } };
        var text = FailuresFile.Format(
            [new Outcome(item, OutcomeKind.Failed, "no \"such\" file"), new Outcome(plain, OutcomeKind.Failed, "broken")], Options);
        var read = BatchPlan.Name(Parse(text), new NameTemplate(NameTemplate.Default), new Dictionary<string, string>());
        foreach (var (expected, actual) in ((BatchItem[])[item, plain]).Zip(read))
        {
            Assert.Equal((expected.Content, expected.Name), (actual.Content, actual.Name));
            Assert.Equal(expected.Styles, actual.Styles);
            Assert.Equal(expected.Options.OrderBy(option => option.Key), actual.Options.OrderBy(option => option.Key));
        }
    }

    private static IReadOnlyList<PlannedPair> Parse(string text) => PairsFile.Parse(text, "lists/pairs.csv", Options);
}

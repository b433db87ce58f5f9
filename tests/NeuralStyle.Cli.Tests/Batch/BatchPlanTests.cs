using CsCheck;
using NeuralStyle.Cli.Batch;
using NeuralStyle.Cli.Batch.Inputs;
using NeuralStyle.Cli.Jobs;

namespace NeuralStyle.Cli.Tests.Batch;

public sealed class BatchPlanTests
{
    private static readonly Dictionary<string, string> None = [];

    [Fact]
    public void Every_content_is_painted_in_every_style()
    {
        var items = Name(BatchPlan.EveryPair(["p/a.jpg", "p/b.jpg"], ["s/x.png", "s/y.png"]));
        Assert.Equal(["a__x.png", "b__x.png", "a__y.png", "b__y.png"], items.Select(item => item.Name));
        Assert.Equal(("p/b.jpg", "s/x.png"), (items[1].Content, Assert.Single(items[1].Styles)));
    }

    [Fact]
    public void Zip_takes_the_first_with_the_first()
    {
        Assert.Equal(["a__x.png", "b__y.png"], Name(BatchPlan.Zip(["a.jpg", "b.jpg"], ["x.jpg", "y.jpg"])).Select(item => item.Name));
        Assert.Contains("2 contents and 1 styles",
            Assert.Throws<InvalidInputException>(() => BatchPlan.Zip(["a.jpg", "b.jpg"], ["x.jpg"])).Message);
    }

    [Theory]
    [InlineData("p/a.jpg", "q/a.png", "{content}__{style}.png")]
    [InlineData("a.jpg", "A.jpg", "{content}__{style}.png")]
    [InlineData("a.jpg", "b.jpg", "{style}.png")]
    [InlineData("a.jpg", "b.jpg", "out.png")]
    public void Two_pictures_of_one_name_are_refused(string first, string second, string template)
    {
        var message = Assert.Throws<InvalidInputException>(() => Name(BatchPlan.EveryPair([first, second], ["s.jpg"]), template)).Message;
        Assert.Contains($"'{first}'", message);
        Assert.Contains($"'{second}'", message);
    }

    [Fact]
    public void Names_that_are_one_path_written_differently_are_refused() =>
        Assert.Throws<InvalidInputException>(() => Name([PlannedPair.Of("a.jpg", "s.jpg") with { Output = "x/./a.png" },
            PlannedPair.Of("b.jpg", "s.jpg") with { Output = "x/a.png" }]));

    [Fact]
    public void The_index_tells_equal_names_apart() =>
        Assert.Equal(["0001-a.png", "0002-a.png"], Name(BatchPlan.EveryPair(["p/a.jpg", "q/a.jpg"], ["s.jpg"]), "{index}-{content}.png")
            .Select(item => item.Name));

    [Fact]
    public void A_row_has_its_own_options_over_the_shared_ones()
    {
        var pair = PlannedPair.Of("a.jpg", "s.jpg") with { Options = new Dictionary<string, string> { ["--size"] = "64" } };
        var item = Assert.Single(BatchPlan.Name([pair], new NameTemplate(NameTemplate.Default),
            new Dictionary<string, string> { ["--size"] = "512", ["--seed"] = "7" }));
        Assert.Equal("64", item.Options["--size"]);
        Assert.Equal("7", item.Options["--seed"]);
    }

    [Fact]
    public void Names_are_distinct_exactly_when_the_plan_is_accepted()
    {
        var name = Gen.Char["abC"].Array[1, 2].Select(letters => new string(letters));
        Gen.Select(name.List[1, 4], name.List[1, 3]).Sample((contents, styles) =>
        {
            var names = styles.SelectMany(style => contents.Select(content => $"{content}__{style}.png".ToLowerInvariant())).ToArray();
            var accepted = true;
            try
            {
                var items = Name(BatchPlan.EveryPair(contents.Select(content => content + ".jpg").ToArray(),
                    styles.Select(style => style + ".jpg").ToArray()));
                Assert.Equal(names, items.Select(item => item.Name.ToLowerInvariant()));
            }
            catch (InvalidInputException)
            {
                accepted = false;
            }
            return accepted == (names.Distinct().Count() == names.Length);
        }, iter: 500);
    }

    private static IReadOnlyList<BatchItem> Name(IEnumerable<PlannedPair> pairs, string template = NameTemplate.Default) =>
        BatchPlan.Name(pairs, new NameTemplate(template), None);
}

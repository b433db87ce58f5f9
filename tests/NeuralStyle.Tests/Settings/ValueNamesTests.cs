using CsCheck;
using NeuralStyle.Losses;
using NeuralStyle.Settings;
using NeuralStyle.Vgg;

namespace NeuralStyle.Tests.Settings;

public sealed class ValueNamesTests
{
    [Fact]
    public void Names_are_lower_case_and_read_back()
    {
        Assert.Equal(["relative", "gatys", "mean-square", "self-similarity"], ValueNames.All<ContentLossKind>());
        foreach (var kind in Enum.GetValues<ContentLossKind>())
            Assert.Equal(kind, ValueNames.Parse<ContentLossKind>("--x", ValueNames.Of(kind)));
        Assert.Equal(Pooling.Average, ValueNames.Parse<Pooling>("--pooling", "AVG"));
    }

    [Theory]
    [InlineData("refelct", "did you mean 'reflect'? valid: zero")]
    [InlineData("banana", "--padding 'banana' is not known; valid: zero")]
    public void An_unknown_name_lists_the_valid_ones_and_suggests_a_near_one(string text, string expected) =>
        Assert.Contains(expected, Assert.Throws<InvalidInputException>(() => ValueNames.Parse<PaddingMode>("--padding", text)).Message);

    [Theory]
    [InlineData("bacth", "batch")] // neighbours that changed places
    [InlineData("btch", "batch")]
    [InlineData("VIDO", "video")]
    [InlineData("photos", null)]
    [InlineData("", null)]
    public void The_nearest_name_is_one_edit_or_a_third_of_its_letters_away(string text, string? expected) =>
        Assert.Equal(expected, ValueNames.Nearest(text, ["rerun", "batch", "video"]));

    [Fact]
    public void Layer_lists_read_back_whatever_the_weights() =>
        Gen.Select(Gen.Int[1, 5], Gen.Int[1, 4], Gen.Double[0, 1e9]).List[1, 8].Sample(items =>
        {
            var layers = items.Select(item => new LayerWeight(new VggLayer(item.Item1, item.Item2), item.Item3)).ToArray();
            return LayerWeight.ParseList("--x", LayerWeight.Format(layers)).SequenceEqual(layers);
        });

    [Fact]
    public void Any_text_as_a_layer_list_is_read_or_refused_in_one_line() => Gen.String.Sample(text =>
    {
        try
        {
            LayerWeight.ParseList("--x", text);
        }
        catch (InvalidInputException refusal)
        {
            Assert.Contains("--x", refusal.Message);
        }
    });
}

using System.Text.Json.Nodes;
using NeuralStyle.Runs.Checkpoints;

namespace NeuralStyle.Tests.Runs.Checkpoints;

public sealed class RecordDifferenceTests
{
    [Theory]
    [InlineData("""{"a":1}""", """{"a":1}""", null)]
    [InlineData("""{"a":1,"b":null}""", """{"a":1}""", null)]
    [InlineData("""{"a":1,"version":"0.1"}""", """{"a":1,"version":"0.2"}""", null)]
    [InlineData("""{"a":{"path":"x.png","sha256":"1"}}""", """{"a":{"path":"y.png","sha256":"1"}}""", null)]
    [InlineData("""{"a":{"path":"x.png","sha256":"1"}}""", """{"a":{"path":"x.png","sha256":"2"}}""", "a: another file")]
    [InlineData("""{"s":{"size":512}}""", """{"s":{"size":64}}""", "s.size: 512 against 64")]
    [InlineData("""{"styles":[{"sha256":"1"},{"sha256":"2"}]}""", """{"styles":[{"sha256":"1"},{"sha256":"3"}]}""",
        "styles 2: another file")]
    [InlineData("""{"w":[1]}""", """{"w":[1,2]}""", "w: [1] against [1,2]")]
    [InlineData("""{"a":1}""", """{"a":1,"padding":"zero"}""", null)]
    [InlineData("""{"padding":"replicate"}""", """{"padding":"zero"}""", "padding: replicate against zero")]
    [InlineData("""{"w":null}""", """{"w":"x"}""", "w: none against x")]
    public void The_first_difference_is_named_and_what_does_not_decide_the_picture_is_not(string saved, string current, string? expected) =>
        Assert.Equal(expected, RecordDifference.Find(JsonNode.Parse(saved)!.AsObject(), JsonNode.Parse(current)!.AsObject()));
}

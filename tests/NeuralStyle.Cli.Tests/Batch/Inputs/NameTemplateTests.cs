using NeuralStyle.Cli.Batch.Inputs;

namespace NeuralStyle.Cli.Tests.Batch.Inputs;

public sealed class NameTemplateTests
{
    [Theory]
    [InlineData("{content}__{style}.png", "photo__ink.png")]
    [InlineData("{style}/{content}.jpg", "ink/photo.jpg")]
    [InlineData("{index}.tif", "0012.tif")]
    [InlineData("a{content}{content}.webp", "aphotophoto.webp")]
    public void Placeholders_are_filled_in(string template, string expected) =>
        Assert.Equal(expected, new NameTemplate(template).Render("in/photo.jpeg", ["styles/ink.png"], 12));

    [Fact]
    public void Several_styles_are_joined() =>
        Assert.Equal("a__x+y.png", new NameTemplate(NameTemplate.Default).Render("a.jpg", ["x.jpg", "y.jpg"], 1));

    [Fact]
    public void Text_that_looks_like_a_placeholder_stays_when_it_comes_from_a_file_name() =>
        Assert.Equal("{style}__s.png", new NameTemplate(NameTemplate.Default).Render("{style}.jpg", ["s.jpg"], 1));

    [Theory]
    [InlineData("{contents}.png", "did you mean '{content}'?")]
    [InlineData("", "--name is empty")]
    [InlineData("{content.png", "an unmatched brace; valid: {content}, {style}, {index}")]
    [InlineData("{{content}}.png", "an unmatched brace")]
    [InlineData("{content}", "extension")]
    [InlineData("{content}.docx", "'.docx' is not known")]
    [InlineData("/tmp/{content}.png", "is outside of the output folder")]
    [InlineData("../{content}.png", "is outside of the output folder")]
    public void A_template_that_cannot_work_is_refused(string template, string expected) =>
        Assert.Contains(expected, Assert.Throws<InvalidInputException>(() => new NameTemplate(template)).Message);
}

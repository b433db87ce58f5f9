using NeuralStyle.Cli.Batch.Inputs;

namespace NeuralStyle.Cli.Tests.Batch.Inputs;

public sealed class PathPatternTests
{
    [Theory]
    [InlineData("*.jpg", "a.jpg", true)]
    [InlineData("*.jpg", "a.png", false)]
    [InlineData("*.jpg", "x/a.jpg", false)]
    [InlineData("*.jpg", ".a.jpg", false)]
    [InlineData("a?.jpg", "ab.jpg", true)]
    [InlineData("a?.jpg", "abc.jpg", false)]
    [InlineData("*/a.jpg", "x/a.jpg", true)]
    [InlineData("**/*.jpg", "a.jpg", true)]
    [InlineData("**/*.jpg", "x/y/a.jpg", true)]
    [InlineData("**/*.jpg", "x/.y/a.jpg", false)]
    [InlineData("**/y/*.jpg", "x/y/a.jpg", true)]
    [InlineData("**/y/*.jpg", "x/a.jpg", false)]
    [InlineData("**/x/**", "x/a.jpg", true)]
    [InlineData("*/.y/*.jpg", "x/.y/a.jpg", true)]
    [InlineData("*/.y/*.jpg", "x/.y/.a.jpg", false)]
    [InlineData("[ab]*.jpg", "bc.jpg", true)]
    [InlineData("[ab]*.jpg", "cc.jpg", false)]
    [InlineData("a+(?).jpg", "a+(1).jpg", true)]
    public void A_pattern_matches_whole_paths(string pattern, string path, bool expected) =>
        Assert.Equal(expected, new PathPattern(pattern).Matches(path));

    [Theory]
    [InlineData("photos/2024/*.jpg", "photos/2024", 1)]
    [InlineData("*.jpg", "", 1)]
    [InlineData("/*.jpg", "/", 1)]
    [InlineData("/a/b?/c.jpg", "/a", 2)]
    public void The_plain_beginning_is_the_folder_to_search(string text, string folder, int depth)
    {
        var pattern = new PathPattern(text);
        Assert.Equal((folder.Replace('/', Path.DirectorySeparatorChar), depth), (pattern.Folder, pattern.Depth));
    }
}

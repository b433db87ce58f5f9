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
    [InlineData("x/**", "x/a.jpg", true)]
    public void A_pattern_matches_whole_paths(string pattern, string path, bool expected) =>
        Assert.Equal(expected, PathPattern.Matches(pattern.Split('/'), path.Split('/')));

    [Theory]
    [InlineData("photos/2024/*.jpg", "photos/2024", "*.jpg")]
    [InlineData("*.jpg", "", "*.jpg")]
    [InlineData("/*.jpg", "/", "*.jpg")]
    [InlineData("/a/b?/c.jpg", "/a", "b?/c.jpg")]
    public void The_plain_beginning_is_the_folder_to_search(string pattern, string folder, string names)
    {
        var split = PathPattern.Split(pattern);
        Assert.Equal((folder.Replace('/', Path.DirectorySeparatorChar), names), (split.Folder, string.Join('/', split.Names)));
    }
}

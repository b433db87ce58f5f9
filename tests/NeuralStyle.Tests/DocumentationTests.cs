using System.Text.RegularExpressions;

namespace NeuralStyle.Tests;

/// <summary>README.md, docs/ and the other pages: what can be checked of them without a reader.</summary>
public sealed partial class DocumentationTests
{
    public static TheoryData<string> Pages { get; } = [.. Directory.EnumerateFiles(Repository.Root, "*.md")
        .Concat(Repository.Files("*.md", "docs", "vgg", "samples", ".github"))
        .Select(Repository.Relative)];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Every_link_to_a_file_or_heading_leads_there(string page)
    {
        var folder = Path.GetDirectoryName(Repository.File(page))!;
        foreach (var link in LinksOf(page).Where(link => !link.Contains("://", StringComparison.Ordinal)))
        {
            var (path, anchor) = link.Split('#') is [var before, var after] ? (before, after) : (link, "");
            var target = path.Length == 0 ? page : Repository.Relative(Path.GetFullPath(Path.Combine(folder, path)));
            Assert.True(Path.Exists(Repository.File(target)), $"{page} links to {link}, which does not exist");
            if (anchor.Length == 0) continue;
            Assert.True(Anchors(target).Contains(anchor), $"{page} links to {link}, and {target} has no such heading");
        }
    }

    [Fact]
    public void The_index_lists_every_page_of_the_documentation()
    {
        var pages = Repository.Files("*.md", "docs").Select(path => Path.GetFileName(path)).Where(name => name != "README.md");
        var listed = LinksOf("docs/README.md");
        Assert.All(pages, name => Assert.Contains(name, listed));
    }

    [Fact]
    public void The_two_commands_of_the_readme_are_those_that_CI_runs()
    {
        const string Paint = "dotnet run -c Release --project src/NeuralStyle.Cli -- samples/content.jpg samples/style.jpg -o ";
        const string Test = "dotnet test -c Release";
        Assert.Contains($"\n{Paint}out.png\n{Test}\n", Read("README.md"));
        Assert.Contains($"\n{Paint}\"$work/out.png\"\n", Read(".ci/run"));
        Assert.Contains($"\n{Test} ", Read(".ci/run"));
    }

    [Fact]
    public void The_readme_is_read_in_one_sitting() => Assert.InRange(Read("README.md").Split('\n').Length, 1, 120);

    private static string Read(string page) => File.ReadAllText(Repository.File(page)).ReplaceLineEndings("\n");

    private static string[] LinksOf(string page) => Links().Matches(Prose(page)).Select(match => match.Groups[1].Value).ToArray();

    private static string Prose(string page) => CodeBlocks().Replace(Read(page), "");

    /// <summary>Anchors as GitHub makes them of headings: lower case, letters, digits and hyphens, a hyphen for each space.</summary>
    private static HashSet<string> Anchors(string page) => Headings().Matches(Prose(page))
        .Select(match => match.Groups[1].Value.Trim().ToLowerInvariant())
        .Select(heading => NotInAnchors().Replace(heading, "").Replace(' ', '-'))
        .ToHashSet();

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Links();

    [GeneratedRegex("```.*?```", RegexOptions.Singleline)]
    private static partial Regex CodeBlocks();

    [GeneratedRegex("^#+ (.*)$", RegexOptions.Multiline)]
    private static partial Regex Headings();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex NotInAnchors();
}

using NeuralStyle.Cli.Batch.Inputs;

namespace NeuralStyle.Cli.Tests.Batch.Inputs;

public sealed class InputListTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public InputListTests()
    {
        Directory.CreateDirectory(_folder["sub"]);
        foreach (var name in (string[])["b.jpg", "a.PNG", "B2.webp", ".hidden.jpg", "notes.md", "sub/c.jpg"])
            File.WriteAllText(_folder[name], "");
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_folder_gives_its_pictures_in_one_order_everywhere() => Assert.Equal(["B2.webp", "a.PNG", "b.jpg"], Names(_folder.Root));

    [Fact]
    public void A_pattern_gives_what_it_matches()
    {
        Assert.Equal(["b.jpg"], Names(_folder["*.jpg"]));
        Assert.Equal(["b.jpg", "c.jpg"], Names(_folder["**/*.jpg"]));
    }

    [Fact]
    public void A_file_gives_itself() => Assert.Equal([_folder["b.jpg"]], InputList.Expand(_folder["b.jpg"], "out"));

    [Fact]
    public void A_list_gives_its_lines_from_its_own_folder()
    {
        File.WriteAllText(_folder["list.txt"], "# my pictures\r\n\r\n b.jpg \nsub/c.jpg\n/elsewhere/d.jpg");
        Assert.Equal([_folder["b.jpg"], _folder["sub/c.jpg"], "/elsewhere/d.jpg"], InputList.Expand(_folder["list.txt"], "out"));
    }

    [Theory]
    [InlineData("missing.jpg", "does not exist")]
    [InlineData("*.tif", "no picture that can be read matches")]
    [InlineData("missing/*.jpg", "no picture that can be read matches")]
    public void Nothing_is_an_error(string argument, string expected) =>
        Assert.Contains(expected, Assert.Throws<InvalidInputException>(() => InputList.Expand(_folder[argument], "out")).Message);

    [Fact]
    public void Results_never_become_inputs()
    {
        var message = Assert.Throws<InvalidInputException>(() => InputList.Expand(_folder["sub"], _folder["sub/"])).Message;
        Assert.Contains("choose another folder for -o", message);
    }

    private IEnumerable<string?> Names(string argument) => InputList.Expand(argument, _folder["out"]).Select(Path.GetFileName);
}

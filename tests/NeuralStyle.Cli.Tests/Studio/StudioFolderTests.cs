using NeuralStyle.Cli.Studio;
using NeuralStyle.Cli.Tests.Infra;

namespace NeuralStyle.Cli.Tests.Studio;

/// <summary>What pages can name, and what they cannot.</summary>
public sealed class StudioFolderTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly StudioFolder _studio;

    public StudioFolderTests()
    {
        TestInputs.WritePhotograph(_folder["secret.png"], 32, 32);
        Directory.CreateDirectory(_folder["studio", "photos", "deep"]);
        foreach (var name in (string[])["a.png", "-b.png", "@c.png", ".hidden.png", "notes.txt"])
            File.Copy(_folder["secret.png"], _folder["studio", name]);
        File.Copy(_folder["secret.png"], _folder["studio", "photos", "d.png"]);
        File.Copy(_folder["secret.png"], _folder["studio", "photos", "deep", "e.png"]);
        _studio = new StudioFolder(_folder["studio"]);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Pictures_of_the_folder_and_of_the_folders_in_it_are_listed_and_samples_follow()
    {
        var own = _studio.List().TakeWhile(id => !id.StartsWith("sample:", StringComparison.Ordinal));
        Assert.Equal(["-b.png", "@c.png", "a.png", "photos/d.png"], own.Order(StringComparer.Ordinal));
        Assert.Contains("sample:content.jpg", _studio.List());
    }

    [Theory]
    [InlineData("../secret.png")]
    [InlineData("photos/../../secret.png")]
    [InlineData("photos/../a.png")]
    [InlineData("./a.png")]
    [InlineData("/etc/hostname.png")]
    [InlineData("//a.png")]
    [InlineData("a.png/")]
    [InlineData("..\\secret.png")]
    [InlineData("a.png\0.jpg")]
    [InlineData(".hidden.png")]
    [InlineData("notes.txt")]
    [InlineData("sample:../nst.dll")]
    [InlineData("sample:/etc/passwd")]
    [InlineData("nst-results/.nst-studio.json")]
    [InlineData("")]
    [InlineData(null)]
    public void Nothing_else_can_be_named(string? id)
    {
        Assert.Null(_studio.Find(id));
        if (id is not null) Assert.Throws<InvalidInputException>(() => _studio.NameOf(id));
    }

    [Fact]
    public void Links_that_lead_out_of_the_folder_are_no_pictures()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "links need a privilege on Windows");
        File.CreateSymbolicLink(_folder["studio", "link.png"], _folder["secret.png"]);
        Directory.CreateSymbolicLink(_folder["studio", "outside"], _folder.Root);
        File.CreateSymbolicLink(_folder["studio", "within.png"], _folder["studio", "a.png"]);
        foreach (var id in (string[])["link.png", "outside/secret.png"])
        {
            Assert.DoesNotContain(id, _studio.List());
            Assert.Null(_studio.Find(id));
        }
        Assert.NotNull(_studio.Find("within.png"));
        Directory.Delete(_studio.Inputs);
        Directory.CreateSymbolicLink(_studio.Inputs, _folder.Root);
        Assert.Contains("link", Assert.Throws<InvalidInputException>(() => new StudioFolder(_folder["studio"])).Message);
    }

    [Fact]
    public void Names_are_neither_options_nor_response_files() =>
        Assert.Equal(["./-b.png", "./@c.png", "a.png"], ((string[])["-b.png", "@c.png", "a.png"]).Select(_studio.NameOf));

    [Fact]
    public void A_sample_is_copied_into_the_folder_once()
    {
        Assert.Equal("nst-results/inputs/content.jpg", _studio.NameOf("sample:content.jpg"));
        Assert.Equal("nst-results/inputs/content.jpg", _studio.NameOf("sample:content.jpg"));
        Assert.Single(Directory.GetFiles(_studio.Inputs));
    }

    [Theory]
    [InlineData("holiday.JPG", "holiday.jpg")]
    [InlineData("../../etc/cron.png", "cron.png")]
    [InlineData("C:\\Users\\me\\a b.png", "a b.png")]
    [InlineData(".hidden.png", "hidden.png")]
    [InlineData("--output.png", "output.png")]
    [InlineData("@args.png", "args.png")]
    [InlineData("mask-1.png", "1.png")]
    [InlineData("<img src=x onerror=alert(1)>.png", "img src=x onerror=alert(1).png")]
    [InlineData("a\nb\0c.png", "abc.png")]
    [InlineData(".png", "picture.png")]
    public void Uploads_get_plain_names(string asked, string expected) => Assert.Equal(expected, StudioFolder.CleanName(asked));

    [Theory]
    [InlineData("page.html")]
    [InlineData("drawing.svg")]
    [InlineData("a.png.exe")]
    [InlineData("")]
    public void Uploads_must_be_called_pictures(string name) =>
        Assert.Contains("does not end like a picture", Assert.Throws<InvalidInputException>(() => StudioFolder.CleanName(name)).Message);
}

using System.Text.RegularExpressions;
using NetVips;
using NeuralStyle.Cli.Tests.Infra;

namespace NeuralStyle.Cli.Tests.Pages;

/// <summary>The page of <c>nst batch --report</c>, as the program writes it.</summary>
public sealed class ContactSheetTests : IDisposable
{
    private static readonly string[] Quick = ["--weights", "@tiny.npz", "--size", "64", "--min-size", "32", "--optimizer", "adam", "-n",
        "2", "--first-iterations", "2", "--device", "cpu", "--threads", "1"];
    private readonly TempFolder _folder = new();

    public ContactSheetTests()
    {
        Directory.CreateDirectory(_folder["photos"]);
        TestInputs.WritePhotograph(_folder["photos/a.png"], 64, 48);
        TestInputs.WritePhotograph(_folder["photos/b & <c>#1.png"], 48, 64);
        TestInputs.WritePainting(_folder["x.png"], 64, 64);
        TestInputs.WriteWeights(_folder["tiny.npz"]);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Every_picture_is_shown_and_leads_to_its_file_whether_made_now_or_earlier()
    {
        Assert.Equal(0, (await Run("@photos/a.png", "-o", "@out")).Code);
        Assert.Equal(0, (await Run("@photos", "-o", "@out", "--report", "@out/index.html")).Code);
        var page = File.ReadAllText(_folder["out/index.html"]);
        Assert.Equal(["up to date", "made"], Regex.Matches(page, "<a class=\"card\"[^>]*data-outcome=\"([^\"]*)\"")
            .Select(match => match.Groups[1].Value));
        foreach (var link in Links(page)) Assert.True(File.Exists(Path.Combine(_folder["out"], Uri.UnescapeDataString(link))), link);
        var sizes = Regex.Matches(page, "src=\"data:image/jpeg;base64,([^\"]+)\"").Select(match =>
        {
            using var thumbnail = Image.NewFromBuffer(Convert.FromBase64String(match.Groups[1].Value));
            return (thumbnail.Width, thumbnail.Height);
        });
        Assert.Equal([(64, 48), (48, 64)], sizes);
        Assert.Matches(@"made · 48x64 · [0-9.]+ s<", page);
        Assert.Contains("b &amp; &lt;c&gt;#1.png", page);
        Assert.DoesNotContain("<c>", page);
        Assert.DoesNotMatch(@"https?://", page);
    }

    [Fact]
    public async Task Several_photos_in_several_styles_are_a_table_with_the_inputs_at_its_sides()
    {
        Directory.CreateDirectory(_folder["styles"]);
        TestInputs.WritePainting(_folder["styles/y.png"], 64, 48);
        TestInputs.WritePainting(_folder["styles/z.png"], 64, 32);
        var quick = Quick.Select(arg => arg.Replace("@tiny.npz", _folder["tiny.npz"], StringComparison.Ordinal));
        Assert.Equal(0, (await Nst.RunAsync(["batch", _folder["photos"], _folder["styles"], "-o", _folder["out"], "--report",
            _folder["out/index.html"], .. quick])).Code);
        var page = File.ReadAllText(_folder["out/index.html"]);
        var rows = Regex.Matches(page, "<tr>(.*?)</tr>", RegexOptions.Singleline).Select(row => row.Groups[1].Value).ToArray();
        Assert.Equal(3, rows.Length);
        Assert.Matches("^<th></th><th><figure><img [^>]*data:image/jpeg.*y.png.*<img [^>]*data:image/jpeg.*z.png", rows[0]);
        Assert.Matches("(?s)^<th><figure><img [^>]*>.*a.png</figcaption>.*href=\"a__y.png\".*href=\"a__z.png\"", rows[1]);
        Assert.Contains("b &amp; &lt;c&gt;#1.png</figcaption>", rows[2]);
    }

    [Fact]
    public async Task A_page_beside_the_folder_leads_into_it()
    {
        Assert.Equal(0, (await Run("@photos/a.png", "-o", "@out", "--report", "@page.html")).Code);
        Assert.Equal(["out/a__x.png"], Links(File.ReadAllText(_folder["page.html"])));
    }

    [Fact]
    public async Task What_failed_is_listed_with_its_reason()
    {
        File.WriteAllText(_folder["photos/a.png"], "no picture");
        Assert.Equal(1, (await Run("@photos", "-o", "@out", "--report", "@out/page.html")).Code);
        var page = File.ReadAllText(_folder["out/page.html"]);
        Assert.Matches("<td>a__x.png</td><td>.*a.png&#39; is not a picture", page);
        Assert.Contains("data-outcome=\"failed\"", page);
        Assert.Contains("<span>1 made</span><span>1 failed</span>", page);
        Assert.Single(Links(page));
    }

    [Theory]
    [InlineData("@out/page.png", "expected .html")]
    [InlineData("@photos", "expected .html")]
    [InlineData("@none/page.html", "does not exist")]
    [InlineData("@out/deeper/page.html", "does not exist")]
    public async Task A_place_that_cannot_be_written_is_refused_before_anything_is_made(string report, string expected)
    {
        var result = await Run("@photos", "-o", "@out", "--report", report);
        Assert.Equal(2, result.Code);
        Assert.Contains(expected, Assert.Single(result.Complaints));
        Assert.False(Directory.Exists(_folder["out"]));
    }

    private static string[] Links(string page) =>
        Regex.Matches(page, "href=\"([^\"]*)\"").Select(match => System.Net.WebUtility.HtmlDecode(match.Groups[1].Value)).ToArray();

    private Task<NstResult> Run(string contents, params string[] args) =>
        Nst.RunAsync(((string[])["batch", contents, "@x.png", .. args, .. Quick]).Select(arg => arg.StartsWith('@')
            ? _folder[arg[1..]]
            : arg).ToArray());
}

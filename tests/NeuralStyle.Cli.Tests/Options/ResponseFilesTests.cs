using NeuralStyle.Cli.Tests.Infra;

namespace NeuralStyle.Cli.Tests.Options;

public sealed class ResponseFilesTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_words_of_files_stand_in_their_place_also_of_files_within_files()
    {
        File.WriteAllText(_folder["inner"], "  # a remark\r\n\"with a blank.png\"\r\n");
        File.WriteAllText(_folder["outer"], $"@{_folder["inner"]} style.png\n-o out.png");
        var result = await Nst.RunAsync($"@{_folder["outer"]}");
        Assert.Equal((2, "nst: error: 'with a blank.png' does not exist; check the name"), (result.Code, result.Error.Trim()));
    }

    [Theory]
    [InlineData("self", "name themselves or each other")]
    [InlineData("one", "name themselves or each other")]
    [InlineData("many", "name themselves or each other")]
    [InlineData("folder", "is a folder")]
    [InlineData("none", "there is no response file")]
    [InlineData("long", "longer than")]
    [InlineData("binary", "is no text")]
    public async Task What_cannot_be_read_is_refused_in_one_line(string name, string expected)
    {
        File.WriteAllText(_folder["self"], $"@{_folder["self"]}");
        File.WriteAllText(_folder["one"], $"a @{_folder["two"]}");
        File.WriteAllText(_folder["two"], $"b @{_folder["one"]} c");
        File.WriteAllText(_folder["many"], string.Concat(Enumerable.Repeat($"@{_folder["many"]}\n", 50)));
        File.WriteAllText(_folder["long"], new string('x', 3_000_000));
        File.WriteAllBytes(_folder["binary"], [1, 0, 2, 0]);
        Directory.CreateDirectory(_folder["folder"]);
        var result = await Nst.RunAsync($"@{_folder[name]}");
        Assert.Equal(2, result.Code);
        Assert.Contains(expected, Assert.Single(result.Complaints));
    }

    [Fact]
    public async Task A_device_without_an_end_is_refused()
    {
        Assert.SkipUnless(File.Exists("/dev/zero"), "there is no /dev/zero");
        Assert.Equal(2, (await Nst.RunAsync("@/dev/zero")).Code);
    }
}

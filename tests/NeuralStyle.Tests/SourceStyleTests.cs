namespace NeuralStyle.Tests;

/// <summary>Rules of style that neither the compiler nor the formatter checks.</summary>
public sealed class SourceStyleTests
{
    private const int Columns = 140;

    [Theory]
    [InlineData("src")]
    [InlineData("tests")]
    [InlineData("tools")]
    [InlineData("benchmarks")]
    public void No_line_of_code_is_longer_than_140_columns(string folder)
    {
        var files = Repository.Files("*.cs", folder);
        Assert.NotEmpty(files);
        string[] tooLong =
        [
            .. from file in files
               let name = Repository.Relative(file)
               from line in File.ReadLines(file).Index()
               where line.Item.Length > Columns
               select $"{name}:{line.Index + 1} has {line.Item.Length} columns",
        ];
        Assert.True(tooLong.Length == 0,
            $"{tooLong.Length} lines are longer than {Columns} columns; break them:\n{string.Join('\n', tooLong)}");
    }
}

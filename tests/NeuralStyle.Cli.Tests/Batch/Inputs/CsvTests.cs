using CsCheck;
using NeuralStyle.Cli.Batch.Inputs;

namespace NeuralStyle.Cli.Tests.Batch.Inputs;

public sealed class CsvTests
{
    [Theory]
    [InlineData("a,b\n1,2\n", "a|b;1|2")]
    [InlineData("a,b\r\n1,2", "a|b;1|2")]
    [InlineData("a,b\n\n1,\n", "a|b;1|")]
    [InlineData("\"x, y\",\"say \"\"hi\"\"\"", "x, y|say \"hi\"")]
    [InlineData("\"two\nlines\",b", "two\nlines|b")]
    [InlineData("", "")]
    public void Fields_are_read_as_RFC_4180_has_them(string text, string expected) =>
        Assert.Equal(expected, string.Join(';', Csv.Parse(text, "f.csv").Select(record => string.Join('|', record))));

    [Theory]
    [InlineData("a\n\"b", "does not end")]
    [InlineData("a\n\"b\"c", "line 2")]
    public void Broken_quotes_are_refused(string text, string expected) =>
        Assert.Contains(expected, Assert.Throws<InvalidInputException>(() => Csv.Parse(text, "f.csv")).Message);

    [Fact]
    public void What_is_written_reads_back_the_same()
    {
        var field = Gen.Char["ab ,\"\n\rä|"].Array[0, 6].Select(letters => new string(letters));
        field.Array[2, 4].Array[1, 4].Sample(records =>
        {
            var read = Csv.Parse(string.Concat(records.Select(Csv.Format)), "f.csv");
            Assert.Equal(records, read.Select(record => record.ToArray()));
        }, iter: 500);
    }
}

using System.Text;
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
    [InlineData("a;b\n1;0,5\n", "a|b;1|0,5")]
    [InlineData("a\tb\n1\t2\n", "a|b;1|2")]
    [InlineData("", "")]
    public void Fields_are_read_as_RFC_4180_has_them(string text, string expected) =>
        Assert.Equal(expected, string.Join(';', Csv.Parse(text, "f.csv").Select(record => string.Join('|', record))));

    [Theory]
    [InlineData("a\n\"b", "line 2")]
    [InlineData("a\n\"b\"c", "line 2")]
    public void Broken_quotes_are_refused(string text, string expected) =>
        Assert.Contains(expected, Assert.Throws<InvalidInputException>(() => Csv.Parse(text, "f.csv")).Message);

    [Theory]
    [InlineData("utf-8", true)]
    [InlineData("utf-8", false)]
    [InlineData("utf-16", true)]
    [InlineData("utf-16BE", true)]
    [InlineData("windows-1252", false)]
    [InlineData("iso-8859-1", false)]
    public void A_file_is_read_in_the_encoding_that_a_spreadsheet_wrote(string encoding, bool mark)
    {
        using var folder = new TempFolder();
        var writer = CodePagesEncodingProvider.Instance.GetEncoding(encoding) ?? Encoding.GetEncoding(encoding);
        File.WriteAllBytes(folder["f.csv"],
            [.. mark ? writer.GetPreamble() : [], .. writer.GetBytes("content;style\nMünchen é.jpg;größe.png\n")]);
        Assert.Equal("content|style;München é.jpg|größe.png",
            string.Join(';', Csv.Parse(TextFile.Read(folder["f.csv"]), "f.csv").Select(record => string.Join('|', record))));
    }

    [Fact]
    public void What_is_no_text_is_refused()
    {
        using var folder = new TempFolder();
        File.WriteAllBytes(folder["f.csv"], Encoding.Unicode.GetBytes("content,style"));
        Assert.Contains("save it as UTF-8", Assert.Throws<InvalidInputException>(() => TextFile.Read(folder["f.csv"])).Message);
    }

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

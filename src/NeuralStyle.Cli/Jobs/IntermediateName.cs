using System.Globalization;
using System.Text.RegularExpressions;

namespace NeuralStyle.Cli.Jobs;

/// <summary>Names of a run's intermediate pictures.</summary>
internal static partial class IntermediateName
{
    /// <summary><c>out.png</c> becomes <c>out-2-0050.png</c> at iteration 50 of the second scale.</summary>
    public static string Of(string output, int scale, int iteration) => Path.Combine(
        Path.GetDirectoryName(output) ?? "",
        string.Create(CultureInfo.InvariantCulture,
            $"{Path.GetFileNameWithoutExtension(output)}-{scale}-{iteration:0000}{Path.GetExtension(output)}"));

    /// <summary>The output that a name could be an intermediate picture of: <see cref="Of"/> the other way round.</summary>
    /// <returns>Null if the name has another form.</returns>
    public static string? OutputOf(string path)
    {
        var match = Form().Match(Path.GetFileName(path));
        return match.Success
            ? Path.Combine(Path.GetDirectoryName(path) ?? "", match.Groups["stem"].Value + match.Groups["extension"].Value)
            : null;
    }

    [GeneratedRegex(@"^(?<stem>.*)-\d+-\d{4,}(?<extension>\.[^.]*)\z", RegexOptions.Singleline)]
    private static partial Regex Form();
}

using System.Globalization;
using System.Text.RegularExpressions;
using NeuralStyle.Imaging;
using NeuralStyle.Settings;

namespace NeuralStyle.Cli.Batch.Inputs;

/// <summary>
/// Names of outputs: <c>{content}</c> and <c>{style}</c> are the file names without extension, <c>{index}</c> is the place in the
/// plan.
/// </summary>
internal sealed partial class NameTemplate
{
    public const string Default = "{content}__{style}.png";

    private static readonly string[] Placeholders = ["{content}", "{style}", "{index}"];
    private readonly string _template;

    /// <param name="template">What the user wrote.</param>
    /// <param name="option">The option that it was given to, for messages.</param>
    /// <param name="pictures">Whether it names pictures, whose extension sets the format.</param>
    /// <exception cref="InvalidInputException">
    /// It is empty, a brace is unmatched, a placeholder or the extension is unknown, or the name leaves the output folder.
    /// </exception>
    public NameTemplate(string template, string option = "--name", bool pictures = true)
    {
        if (string.IsNullOrWhiteSpace(template))
            throw new InvalidInputException(
                $"{option} is empty; expected for instance {(pictures ? Default : "logs/{content}__{style}.jsonl")}");
        if (Braces().Replace(template, "").AsSpan().IndexOfAny('{', '}') >= 0)
            throw new InvalidInputException(
                $"{option} '{template}' has an unmatched brace; valid: {string.Join(", ", Placeholders)}");
        foreach (Match match in Braces().Matches(template))
        {
            if (!Placeholders.Contains(match.Value)) throw ValueNames.Unknown($"{option}: the placeholder", match.Value, Placeholders);
        }
        CheckInside(option, template);
        if (pictures) PictureFormat.Of(template);
        _template = template;
    }

    /// <summary>The path below the output folder for one pair.</summary>
    /// <param name="content">The content's path.</param>
    /// <param name="styles">The styles' paths; several are joined by a plus sign.</param>
    /// <param name="index">The place in the plan, from 1.</param>
    public string Render(string content, IEnumerable<string> styles, int index) => Braces().Replace(_template, match => match.Value switch
    {
        "{content}" => Path.GetFileNameWithoutExtension(content),
        "{style}" => string.Join('+', styles.Select(Path.GetFileNameWithoutExtension)),
        _ => index.ToString("0000", CultureInfo.InvariantCulture),
    });

    /// <summary>Fails if a name is a path out of the output folder.</summary>
    public static void CheckInside(string what, string name)
    {
        if (Path.IsPathRooted(name) || name.Split('/', '\\').Contains(".."))
            throw new InvalidInputException($"{what} '{name}' is outside of the output folder; expected a name, or a path below it");
    }

    [GeneratedRegex(@"\{[^{}]*\}")]
    private static partial Regex Braces();
}

using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace NeuralStyle.Settings;

/// <summary>
/// The names that users write for the values of an enumeration: the member's name in lower case with hyphens, or the one in its
/// <see cref="JsonStringEnumMemberNameAttribute"/>. Options, help, errors and files use the same names.
/// </summary>
internal static class ValueNames
{
    /// <summary>All names, in the order of declaration.</summary>
    public static IReadOnlyList<string> All<T>() where T : struct, Enum => Enum.GetValues<T>().Select(Of).ToArray();

    /// <summary>The name of a value.</summary>
    public static string Of<T>(T value) where T : struct, Enum
    {
        var member = Enum.GetName(value) ?? throw new ArgumentOutOfRangeException(nameof(value));
        return typeof(T).GetField(member)!.GetCustomAttribute<JsonStringEnumMemberNameAttribute>()?.Name
            ?? JsonNamingPolicy.KebabCaseLower.ConvertName(member);
    }

    /// <summary>Reads a name.</summary>
    /// <param name="option">The option that it was given to, for the message.</param>
    /// <param name="text">The name; case does not matter.</param>
    /// <exception cref="InvalidInputException">No value has that name; the message lists those that are valid.</exception>
    public static T Parse<T>(string option, string text) where T : struct, Enum
    {
        foreach (var value in Enum.GetValues<T>())
        {
            if (string.Equals(Of(value), text, StringComparison.OrdinalIgnoreCase)) return value;
        }
        throw Unknown(option, text, All<T>());
    }

    /// <summary>The error for a name that is none of those that are valid; suggests the nearest.</summary>
    /// <param name="option">What it was given to.</param>
    /// <param name="text">The name.</param>
    /// <param name="valid">The names that are valid.</param>
    /// <param name="help">Text that replaces a list that would be too long.</param>
    public static InvalidInputException Unknown(string option, string text, IReadOnlyCollection<string> valid,
        string help = "see the documentation")
    {
        var hint = Nearest(text, valid) is { } nearest ? $"did you mean '{nearest}'? " : "";
        var list = valid.Count is > 0 and <= 20 ? $"valid: {string.Join(", ", valid)}" : help;
        return new InvalidInputException($"{option} '{text}' is not known; {hint}{list}");
    }

    /// <summary>The valid name that a misspelt one is nearly the same as; null if there is none.</summary>
    public static string? Nearest(string text, IEnumerable<string> valid) => valid
        .Select(name => (Name: name, Distance: Distance(text.ToLowerInvariant(), name)))
        .Where(found => found.Distance <= Math.Max(1, found.Name.Length / 3))
        .OrderBy(found => found.Distance)
        .Select(found => found.Name)
        .FirstOrDefault();

    /// <summary>The edit distance of Levenshtein, in which two neighbours that changed places count as one edit.</summary>
    private static int Distance(string a, string b)
    {
        var table = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
        {
            for (var j = 0; j <= b.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    table[i, j] = i + j;
                    continue;
                }
                var edits = table[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) edits = Math.Min(edits, table[i - 2, j - 2] + 1);
                table[i, j] = Math.Min(edits, Math.Min(table[i - 1, j], table[i, j - 1]) + 1);
            }
        }
        return table[a.Length, b.Length];
    }
}

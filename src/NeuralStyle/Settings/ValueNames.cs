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
        var nearest = valid.MinBy(name => Distance(text.ToLowerInvariant(), name));
        var hint = nearest is not null && Distance(text.ToLowerInvariant(), nearest) <= Math.Max(1, nearest.Length / 3)
            ? $"did you mean '{nearest}'? "
            : "";
        var list = valid.Count <= 20 ? $"valid: {string.Join(", ", valid)}" : help;
        return new InvalidInputException($"{option} '{text}' is not known; {hint}{list}");
    }

    /// <summary>The edit distance of Levenshtein.</summary>
    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
                (diagonal, row[j]) = (row[j], Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1)));
        }
        return row[^1];
    }
}

using System.Text.Json.Nodes;

namespace NeuralStyle.Cli.Doctor;

/// <summary>Writes the user's home folder as <c>~</c>, because its path often holds a name and reports become public.</summary>
internal static class HomeFolder
{
    private static readonly string s_home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile)
        .TrimEnd(Path.DirectorySeparatorChar);

    /// <summary>A text without the home folder's path.</summary>
    public static string Hide(string text) => Hide(text, s_home);

    /// <summary>A text without a folder's path: where the path ends there, or goes on below it.</summary>
    internal static string Hide(string text, string home)
    {
        if (home.Length < 2) return text; // there is none, or it is the root
        for (var at = 0; (at = text.IndexOf(home, at, StringComparison.Ordinal)) >= 0;)
        {
            var after = at + home.Length;
            if (after < text.Length && (char.IsLetterOrDigit(text[after]) || text[after] is '-' or '_')) at = after; // a longer name
            else text = $"{text[..at]}~{text[after..]}";
        }
        return text;
    }

    /// <summary>Hides it in every text of a document.</summary>
    public static void HideIn(JsonNode? node)
    {
        if (node is JsonArray array)
        {
            for (var i = 0; i < array.Count; i++) Replace(array[i], value => array[i] = value);
        }
        if (node is JsonObject fields)
        {
            foreach (var (name, field) in fields.ToArray()) Replace(field, value => fields[name] = value);
        }

        static void Replace(JsonNode? child, Action<string> set)
        {
            if (child is JsonValue value && value.TryGetValue<string>(out var text)) set(Hide(text));
            else HideIn(child);
        }
    }
}

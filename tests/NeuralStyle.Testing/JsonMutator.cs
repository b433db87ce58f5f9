using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace NeuralStyle.Testing;

/// <summary>Changes fields of JSON the way that attackers and other versions do. The same seed always gives the same text.</summary>
internal static partial class JsonMutator
{
    private static readonly string[] s_values = ["null", "true", "0", "-1", "2", "99", "1e308", "1e999", "-0.5", "2147483648",
        "99999999999999999999", "\"\"", "\"99\"", "\"/dev/zero\"", "\"/dev/stdin\"", "\"no\\u0000path\"", "\"\\u001b[31mred\"",
        "\"blend:7\"", "\"relu1_1:nan\"", "\"relu9_9\"", "[]", "[null]", "[[]]", "{}", "{\"a\":1,\"a\":2}",
        $"{new string('[', 80)}{new string(']', 80)}", $"\"{new string('x', 5000)}\""];

    /// <summary>One to three changes: a field gets another value, stands there twice, or goes.</summary>
    public static string Mutate(string json, int seed)
    {
        var random = new Random(seed);
        for (var changes = random.Next(1, 4); changes > 0; changes--) json = Change(json, random);
        return json;
    }

    private static string Change(string json, Random random)
    {
        var names = Name().Matches(json);
        var name = names[random.Next(names.Count)];
        var value = s_values[random.Next(s_values.Length)];
        var end = name.Index + name.Length;
        var length = LengthOfValue(json[end..]);
        return random.Next(6) switch
        {
            0 => json.Insert(name.Index, $"{name.Value}{value},"),
            1 => json.Remove(name.Index, name.Length + length).Insert(name.Index, "\"gone\":0"),
            _ => json.Remove(end, length).Insert(end, value),
        };
    }

    private static int LengthOfValue(string json)
    {
        var bytes = Encoding.UTF8.GetBytes(json);
        try
        {
            var reader = new Utf8JsonReader(bytes, new JsonReaderOptions { AllowMultipleValues = true, MaxDepth = 200 });
            reader.Read();
            reader.Skip();
            return Encoding.UTF8.GetCharCount(bytes, 0, (int)reader.BytesConsumed);
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException)
        {
            return 0;
        }
    }

    [GeneratedRegex("\"\\w+\":")]
    private static partial Regex Name();
}

using System.Globalization;

namespace NeuralStyle.Benchmarks.Quality;

/// <summary>Reads <c>quality --weights FILE [--size N] [--seconds S] [--output FOLDER] [--pair CONTENT STYLE]… CANDIDATE…</c>.</summary>
internal static class QualityArguments
{
    public static int Run(string[] arguments)
    {
        string? weights = null;
        var (size, seconds, output) = (512, (double?)null, "quality");
        List<Pair> pairs = [];
        List<string> names = [];
        for (var i = 0; i < arguments.Length; i++)
        {
            switch (arguments[i])
            {
                case "--weights": weights = arguments[++i]; break;
                case "--size": size = int.Parse(arguments[++i], CultureInfo.InvariantCulture); break;
                case "--seconds": seconds = double.Parse(arguments[++i], CultureInfo.InvariantCulture); break;
                case "--output": output = arguments[++i]; break;
                case "--pair":
                    var (content, style) = (arguments[++i], arguments[++i]);
                    pairs.Add(new Pair($"{Path.GetFileNameWithoutExtension(content)}+{Path.GetFileNameWithoutExtension(style)}", content, style));
                    break;
                default: names.Add(arguments[i]); break;
            }
        }
        if (weights is null || pairs.Count == 0)
        {
            Console.Error.WriteLine("usage: quality --weights FILE --pair CONTENT STYLE [--pair …] [--size N] [--seconds S] [--output FOLDER] [SETTINGS…]");
            Console.Error.WriteLine($"settings: {string.Join(", ", Candidates.All.Keys)}; none means all");
            return 2;
        }
        if (names.Find(name => !Candidates.All.ContainsKey(name)) is { } unknown)
        {
            Console.Error.WriteLine($"'{unknown}' is not among the settings: {string.Join(", ", Candidates.All.Keys)}");
            return 2;
        }
        var candidates = names.Count == 0 ? Candidates.All.ToArray() : names.Select(name => KeyValuePair.Create(name, Candidates.All[name])).ToArray();
        new QualityCommand(weights, size, seconds, output).Run(pairs, candidates, Console.Out);
        return 0;
    }
}

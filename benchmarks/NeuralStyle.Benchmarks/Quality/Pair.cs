namespace NeuralStyle.Benchmarks.Quality;

/// <summary>A content and a style to compare settings on.</summary>
/// <param name="Name">For the table.</param>
/// <param name="Content">File.</param>
/// <param name="Style">File.</param>
internal sealed record Pair(string Name, string Content, string Style)
{
    /// <summary>What to say where <see cref="Usual"/> finds nothing.</summary>
    public const string NotThere = "the pictures in samples/ are not there; build and run it within the repository";

    /// <summary>A pair named after its files.</summary>
    public static Pair Of(string content, string style) =>
        new($"{Path.GetFileNameWithoutExtension(content)}+{Path.GetFileNameWithoutExtension(style)}", content, style);

    /// <summary>The project's own pictures and, where they are beside the project, real photographs and paintings.</summary>
    public static IReadOnlyList<Pair> Usual()
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (root is not null && !File.Exists(Path.Combine(root.FullName, "NeuralStyle.sln"))) root = root.Parent;
        if (root is null) return [];
        var samples = Path.Combine(root.FullName, "samples");
        var pairs = Directory.GetFiles(samples, "style*.jpg")
            .Order(StringComparer.Ordinal)
            .Select(style => Of(Path.Combine(samples, "content.jpg"), style))
            .ToList();
        var real = Path.Combine(root.Parent!.FullName, "shared", "images");
        foreach (var (content, style) in ((string, string)[])[("tubingen.jpg", "starry_night_google.jpg"),
            ("golden_gate.jpg", "the_scream.jpg")])
        {
            if (File.Exists(Path.Combine(real, content)) && File.Exists(Path.Combine(real, style)))
                pairs.Add(Of(Path.Combine(real, content), Path.Combine(real, style)));
        }
        return pairs;
    }
}

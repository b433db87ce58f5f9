using System.Globalization;
using System.Text;
using NeuralStyle.Cli.Jobs;
using NeuralStyle.Cli.Pages;
using NeuralStyle.Imaging;
using NeuralStyle.Runs;
using NeuralStyle.Runtime.Files;
using TorchSharp;

namespace NeuralStyle.Cli.Films;

/// <summary>The page of <c>--report</c> about a film, in one file.</summary>
/// <param name="Job">The film.</param>
/// <param name="Source">Where it comes from.</param>
/// <param name="Plan">Its scenes.</param>
/// <param name="Store">Its frames, still there.</param>
/// <param name="Size">Their size.</param>
/// <param name="Look">How they were painted.</param>
internal sealed record FilmReport(FilmJob Job, IFrameSource Source, FilmPlan Plan, FrameStore Store, PixelSize Size, RunRecord Look)
{
    private const int MostShown = 12, Shown = 640, Quality = 86; // frames, long side in pixels, of JPEG

    /// <summary>Writes the page, under a temporary name first.</summary>
    /// <param name="path">The page.</param>
    /// <param name="cancellation">Ends it.</param>
    public void Write(string path, CancellationToken cancellation)
    {
        var page = Render(cancellation);
        AtomicFile.Write(path, temporary => File.WriteAllText(temporary, page));
    }

    private string Render(CancellationToken cancellation)
    {
        var (name, history) = (Path.GetFileName(Path.TrimEndingDirectorySeparator(Job.Output)), FrameLosses.Read(Store, Plan));
        var body = new StringBuilder();
        body.Append("<header><h1>").Append(Html.Text(name)).Append("</h1><p class=\"chips\">")
            .Append(string.Concat(Facts().Select(fact => $"<span>{Html.Text(fact)}</span>"))).Append("</p></header>\n<main>\n");
        Section("Frames", Frames(cancellation));
        Section("Losses and time", history.Render() is { Length: > 0 } curves ? curves : "<p>No losses were kept.</p>\n");
        Section("Scenes", Scenes(history.Known));
        Section("Settings", Film() + SettingsSection.Render(Look));
        if (Job.Look.CommandLine is { } command)
        {
            Section("Repeat this run", $"<div class=\"command\"><pre>{Html.Text(command)}</pre>"
                + "<button type=\"button\" data-copy>copy</button></div>\n");
        }
        return Page.Render($"{name} · nst", body.Append("</main>\n").ToString(), "viewer.js");

        void Section(string title, string html) => body.Append("<section><h2>").Append(title).Append("</h2>\n").Append(html)
            .Append("</section>\n");
    }

    private IEnumerable<string> Facts()
    {
        yield return $"{Size} pixels";
        yield return $"{Plan.Frames} frame{(Plan.Frames == 1 ? "" : "s")}, {Source.Rate} per second";
        yield return $"{Plan.Scenes.Count} scene{(Plan.Scenes.Count == 1 ? "" : "s")}";
        if (Job.Film.Passes > 1) yield return $"{Job.Film.Passes} passes";
        yield return $"preset {Look.Settings.Preset}";
        yield return $"weights {Look.Weights.Path}";
    }

    /// <summary>Frames spread over the film, each painting under a slider with its source.</summary>
    private string Frames(CancellationToken cancellation)
    {
        var count = Math.Min(MostShown, Plan.Frames);
        var step = (Plan.Frames - 1.0) / Math.Max(1, count - 1);
        var wanted = Enumerable.Range(0, count).Select(i => 1 + (int)Math.Round(i * step)).ToHashSet();
        var html = new StringBuilder("<div class=\"frames\">\n");
        var number = 0;
        foreach (var planes in Source.Read(Size, _ => { }, cancellation))
        {
            if (!wanted.Contains(++number)) continue;
            using var scope = torch.NewDisposeScope();
            using var painted = Picture.Load(Store.PathOf(number));
            var source = torch.tensor(planes, [1, 3, Size.Height, Size.Width]);
            var small = Size.LongSide > Shown ? Size.WithLongSide(Shown) : Size;
            var (left, right) = (EncodedPicture.Of(ImageTensor.Resize(source, small), Quality),
                EncodedPicture.Of(painted.ToTensor(small), Quality));
            html.Append("<div>").Append(PictureSection.Viewer("film", left, "painted", right)).Append("<p class=\"hint\">frame ")
                .Append(number).Append("</p></div>\n");
        }
        return html.Append("</div>\n").ToString();
    }

    private string Film() => Html.Table(["of the film", "value"],
    [
        ["source", Html.Text(Source.Name)],
        ["temporal weight", Text(Job.Film.TemporalWeight)],
        ["frame iterations", Text(Job.Film.Iterations)],
        ["passes", Text(Job.Film.Passes)],
        ["cuts", Html.Text($"{Job.Cuts}")],
    ]);

    private string Scenes(IReadOnlyList<FrameLoss> known) => Html.Table(["scene", "frames", SecondsTitle, "loss at its end"],
        Plan.Scenes.Select((scene, i) =>
        {
            var mine = known.Where(loss => loss.Frame >= scene.First && loss.Frame <= scene.Last).ToArray();
            return (IReadOnlyList<string>)
            [
                Text(i + 1), $"{scene.First} to {scene.Last}", mine.Length == 0 ? "" : Text(mine.Average(loss => loss.Seconds)),
                mine.Length == 0 ? "" : Text(mine[^1].Total),
            ];
        }));

    private string SecondsTitle => Job.Film.Passes == 1 ? "seconds for each frame" : "seconds for each frame in its last pass";

    private static string Text(double value) => value.ToString("G4", CultureInfo.InvariantCulture);
}

using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using NeuralStyle.Runs;
using NeuralStyle.Settings;

namespace NeuralStyle.Cli.Studio;

/// <summary>What a page wants painted. It comes from outside: only the program's own binder decides whether it is valid.</summary>
internal sealed record Wish
{
    /// <summary>The JSON format of wishes, from pages and in the file of the queue.</summary>
    public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web)
    {
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    private const int MostStyles = 8;

    /// <summary>The photograph, as a page names pictures.</summary>
    public required string Content { get; init; }

    /// <summary>The styles.</summary>
    public required IReadOnlyList<string> Styles { get; init; }

    /// <summary>One weight for each style; null for equal weights.</summary>
    public IReadOnlyList<double>? Weights { get; init; }

    public string Preset { get; init; } = "default";

    public double Strength { get; init; } = 0.5;

    public double StyleScale { get; init; } = 1;

    public int Size { get; init; } = 512;

    public string Color { get; init; } = "style";

    /// <summary>Iterations at every scale; null for the preset's.</summary>
    public int? Iterations { get; init; }

    /// <summary>The mask of protected pixels; null for none.</summary>
    public string? Protect { get; init; }

    /// <summary>The mask that says which style is used where, in the colours of <see cref="RegionMasks"/>; null for none.</summary>
    public string? Regions { get; init; }

    /// <summary>The picture without its settings: trials of the same subject continue from each other.</summary>
    [JsonIgnore]
    public string Subject => string.Join('\n', [Content, .. Styles, Protect ?? "", Regions ?? ""]);

    /// <summary>The arguments of <c>nst</c> that do it, typed in the folder; without the output.</summary>
    /// <exception cref="InvalidInputException">A picture is missing, or there are too many.</exception>
    public IReadOnlyList<string> Arguments(StudioFolder folder)
    {
        if (Styles.Count is 0 or > MostStyles)
            throw new InvalidInputException(
                Styles.Count == 0 ? "choose a style" : $"there are more than {MostStyles} styles; choose fewer");
        var preset = Presets.Find(Preset);
        List<string> arguments = [folder.NameOf(Content), .. Styles.Select(folder.NameOf)];
        if (preset.Preset != new StyleSettings().Preset) Add("--preset", preset.Preset);
        if (Strength != preset.Strength) Add("--strength", Number(Strength));
        if (StyleScale != preset.StyleScale[0]) Add("--style-scale", Number(StyleScale));
        if (Size != preset.Size) Add("--size", Number(Size));
        if (Color != ValueNames.Of(preset.Color)) Add("--color", Color);
        if (Iterations is { } iterations)
        {
            Add("--iterations", Number(iterations));
            Add("--first-iterations", Number(iterations));
        }
        if (Weights is { } weights) Add("--style-weights", string.Join(',', weights.Select(Number)));
        if (Protect is { } mask) Add("--protect", folder.NameOf(mask));
        if (Regions is { } regions)
        {
            Add("--content-mask", folder.NameOf(regions));
            foreach (var flat in RegionMasks.For(folder, Styles.Count)) Add("--style-mask", flat);
        }
        return arguments;

        void Add(string option, string value) => arguments.AddRange([option, value]);
    }

    /// <summary>The wish that a result fulfils, as far as pages can express it; null if its inputs are not in the folder.</summary>
    public static Wish? Of(RunRecord record, StudioFolder folder)
    {
        var styles = record.Styles.Select(style => folder.IdOf(style.Path)).ToArray();
        if (folder.IdOf(record.Content?.Path) is not { } content || styles.Length == 0 || styles.Contains(null)) return null;
        var (settings, usual) = (record.Settings, Presets.All.FirstOrDefault(preset => preset.Name == record.Settings.Preset));
        return new Wish
        {
            Content = content,
            Styles = styles!,
            Weights = record.StyleWeights,
            Preset = usual?.Name ?? "default",
            Strength = settings.Strength,
            StyleScale = settings.StyleScale[0],
            Size = settings.Size,
            Color = ValueNames.Of(settings.Color),
            Iterations = settings.Iterations == usual?.Settings.Iterations ? null : settings.Iterations,
            Protect = folder.IdOf(record.Protect?.Path),
            Regions = folder.IdOf(record.ContentMask?.Path) is { } regions && StudioFolder.IsMask(regions) ? regions : null,
        };
    }

    private static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}

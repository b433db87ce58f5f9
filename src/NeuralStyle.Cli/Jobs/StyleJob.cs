using NeuralStyle.Imaging;
using NeuralStyle.Memory;
using NeuralStyle.Runtime;
using NeuralStyle.Settings;
using NeuralStyle.Weights;

namespace NeuralStyle.Cli.Jobs;

/// <summary>One picture to make: everything that the command line specifies.</summary>
internal sealed record StyleJob
{
    public required string Content { get; init; }

    public required IReadOnlyList<string> Styles { get; init; }

    /// <summary>One weight per style; null for equal weights.</summary>
    public IReadOnlyList<double>? StyleWeights { get; init; }

    /// <summary>Mask that marks regions of the content by colour.</summary>
    public string? ContentMask { get; init; }

    /// <summary>One mask per style, with null entries for styles without one.</summary>
    public IReadOnlyList<string?>? StyleMasks { get; init; }

    /// <summary>Mask that keeps the content where it is white.</summary>
    public string? Protect { get; init; }

    /// <summary>The picture to write; <c>-</c> for standard output.</summary>
    public required string Output { get; init; }

    /// <summary>Whether the program chose the output's name.</summary>
    public bool OutputIsChosen { get; init; }

    /// <summary>The requested format; null for the one of the output's extension.</summary>
    public PictureFormat? AskedFormat { get; init; }

    /// <summary>The format to write.</summary>
    public PictureFormat Format => AskedFormat ?? PictureFormat.Of(Output);

    /// <summary>Whether the picture goes to standard output.</summary>
    public bool ToStandardOutput => Output == StandardPictures.Name;

    /// <summary>The output's name; for standard output a substitute.</summary>
    public string OutputName => ToStandardOutput ? "picture" + Format.Extensions[0] : Output;

    /// <summary>Whether to keep an existing result.</summary>
    public bool NoClobber { get; init; }

    /// <summary>Whether a file that has the output's name when the picture is done has appeared during the run, and stays.</summary>
    public bool MustBeNew { get; init; }

    /// <summary>All input pictures, with their roles.</summary>
    public IEnumerable<(string What, string Path)> NamedInputs =>
        ((IEnumerable<(string What, string? Path)>)[("the content", Content), .. Styles.Select(style => ("the style", (string?)style)),
            ("--content-mask", ContentMask), .. (StyleMasks ?? []).Select(mask => ("--style-mask", mask)), ("--protect", Protect),
            ("--init", Settings.Start.Path)])
        .Where(input => input.Path is not null)
        .Select(input => (input.What, input.Path!));

    /// <summary>All input pictures.</summary>
    public IEnumerable<string> Inputs => NamedInputs.Select(input => input.Path);

    /// <summary>Other files that are read: response files, the picture of a rerun.</summary>
    public IReadOnlyList<(string What, string Path)> OtherInputs { get; init; } = [];

    public required StyleSettings Settings { get; init; }

    /// <summary>Bit depth and quality of the file.</summary>
    public PictureOutput Encoding { get; init; } = new();

    /// <summary>Whether the picture records how it was made.</summary>
    public bool Metadata { get; init; } = true;

    /// <summary>Iterations between intermediate pictures; null for none.</summary>
    public int? SaveEvery { get; init; }

    /// <summary>File that log lines are appended to.</summary>
    public string? Log { get; init; }

    /// <summary>The report about the run; null for none.</summary>
    public string? Report { get; init; }

    /// <summary>How to show the result in the terminal; null for not at all.</summary>
    public ShowAs? Show { get; init; }

    /// <summary>The command line as typed, for the page; null if unknown.</summary>
    public string? CommandLine { get; init; }

    /// <summary>Where to save the state of the run; null for no checkpoints.</summary>
    public JobCheckpoint? Checkpoint { get; init; }

    /// <summary>File or name of the weights; null to search.</summary>
    public string? Weights { get; init; }

    /// <summary>Where <see cref="Weights"/> comes from, for people.</summary>
    public string WeightsOrigin { get; init; } = "--weights";

    /// <summary>The command line's values for the weights file.</summary>
    public WeightsOverrides WeightsOverrides { get; init; } = new();

    /// <summary>The page to serve; null for none.</summary>
    public PreviewRequest? Preview { get; init; }

    public string Device { get; init; } = "auto";

    /// <summary>Settings of convolutions on CUDA devices.</summary>
    public ComputeSettings Compute { get; init; } = new();

    public int? Threads { get; init; }

    /// <summary>The memory limit of the run.</summary>
    public MemorySettings Memory { get; init; } = new();

    public bool Quiet { get; init; }

    public bool Verbose { get; init; }

    /// <summary>Fails if the numbers of styles, weights and masks do not agree. Opens no pictures.</summary>
    public void CheckNumbers()
    {
        var picture = new PictureSource(default, _ => throw new InvalidOperationException("only counted"));
        new StyleInputs(picture, Styles.Select(_ => picture).ToArray(), StyleWeights, ContentMask: ContentMask is null ? null : picture,
            StyleMasks: StyleMasks?.Select(mask => mask is null ? null : picture).ToArray()).Validate();
    }
}

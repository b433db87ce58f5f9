using NeuralStyle.Diagnosis;

namespace NeuralStyle.Cli.Doctor;

/// <summary>How much a finding matters.</summary>
internal enum Severity
{
    /// <summary>nst cannot work here, or not as it should: exit code 1.</summary>
    Broken,

    /// <summary>Something does not work that not every run needs.</summary>
    Missing,

    /// <summary>Something would be faster or better.</summary>
    Advice,
}

/// <summary>What is wrong or could be better.</summary>
/// <param name="Severity">How much it matters.</param>
/// <param name="What">What it is.</param>
/// <param name="Remedy">What to do.</param>
internal sealed record Finding(Severity Severity, string What, string Remedy);

/// <summary>A network that is installed.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Bytes">Size of its file.</param>
/// <param name="Network">What it is; null if the file cannot be read.</param>
/// <param name="Error">Why it cannot be read.</param>
internal sealed record InstalledNetwork(string Name, long Bytes, string? Network, string? Error);

/// <summary>The networks that are here.</summary>
/// <param name="Folder">Where they are installed.</param>
/// <param name="Installed">What is there.</param>
/// <param name="InUse">What runs use by default: a file, or <c>builtin</c>; null if there is none.</param>
/// <param name="Reason">Why that.</param>
/// <param name="Error">Why there is none.</param>
internal sealed record WeightsState(string Folder, IReadOnlyList<InstalledNetwork> Installed, string? InUse, string? Reason, string? Error);

/// <summary>A program of the system that nst starts.</summary>
/// <param name="Name">Its name; what it is for if it was not found.</param>
/// <param name="Version">What it says about itself.</param>
/// <param name="Found">Whether it is here.</param>
/// <param name="Lacks">Encoders of films that it lacks.</param>
internal sealed record ProgramState(string Name, string? Version, bool Found, IReadOnlyList<string> Lacks);

/// <summary>What is here, and what is wrong with it: <c>nst doctor</c>.</summary>
internal sealed record DoctorReport
{
    public string Tool { get; } = "nst";

    public required string Version { get; init; }

    /// <summary>The folder of the program.</summary>
    public required string Program { get; init; }

    public required SystemFacts System { get; init; }

    public required ProcessorFacts Processor { get; init; }

    public required MemoryFacts Memory { get; init; }

    public required TorchFacts Libtorch { get; init; }

    /// <summary>NVIDIA's; null if there is no driver.</summary>
    public required IReadOnlyList<GraphicsFacts>? Graphics { get; init; }

    public required PictureLibraryFacts Pictures { get; init; }

    public required WeightsState Weights { get; init; }

    public required IReadOnlyList<FolderFacts> Folders { get; init; }

    public required ProgramState Ffmpeg { get; init; }

    public required ProgramState Browser { get; init; }

    /// <summary>Variables that change what nst or its libraries do, with their values.</summary>
    public required IReadOnlyDictionary<string, string> Variables { get; init; }

    /// <summary>What is wrong or could be better, the worst first.</summary>
    public IReadOnlyList<Finding> Findings { get; init; } = [];

    /// <summary>Whether nothing is broken.</summary>
    public bool IsHealthy => Findings.All(finding => finding.Severity != Severity.Broken);
}

using NeuralStyle.Runtime.Files;

namespace NeuralStyle.Weights;

/// <summary>The weights to use, and why.</summary>
/// <param name="Path">The file or folder; null means the built-in network.</param>
/// <param name="Reason">The origin of the choice, for users: <c>--weights</c>, <c>NST_WEIGHTS</c>, <c>found in vgg/</c>, ….</param>
internal sealed record WeightsChoice(string? Path, string Reason)
{
    /// <summary>Whether it is the built-in network.</summary>
    public bool IsBuiltIn => Path is null;
}

/// <summary>Finds the weights of a run: the option, the variable, the vgg folders, the user's cache, then the built-in network.</summary>
internal sealed class WeightsLocator
{
    /// <summary>The name that asks for the built-in network.</summary>
    public const string BuiltInName = "builtin";

    /// <summary>The environment variable that names weights.</summary>
    public const string Variable = "NST_WEIGHTS";

    private static readonly string[] VggFiles = ["vgg19.npz", "vgg16_weights.npz", "vgg16.npz"];

    /// <summary>The folder that relative paths start from.</summary>
    public string CurrentFolder { get; init; } = Environment.CurrentDirectory;

    /// <summary>The folder of the program.</summary>
    public string ProgramFolder { get; init; } = AppContext.BaseDirectory;

    /// <summary>Where <c>nst weights fetch</c> installs.</summary>
    public string CacheFolder { get; init; } = WeightsCache.DefaultFolder;

    /// <summary>The value of <see cref="Variable"/>.</summary>
    public string? VariableValue { get; init; } = Environment.GetEnvironmentVariable(Variable);

    /// <summary>Chooses.</summary>
    /// <param name="asked">The path or name that the user gave; null for none.</param>
    /// <param name="origin">Where the user gave it, for messages.</param>
    /// <exception cref="InvalidInputException">The user or the variable names something that does not exist.</exception>
    public WeightsChoice Locate(string? asked = null, string origin = "the network")
    {
        if (asked is not null) return Named(asked, origin);
        if (!string.IsNullOrEmpty(VariableValue)) return Named(VariableValue, Variable);
        foreach (var folder in new[] { CurrentFolder, ProgramFolder })
        {
            foreach (var file in VggFiles)
            {
                var path = Path.Combine(folder, "vgg", file);
                if (File.Exists(path)) return new WeightsChoice(path, "found in vgg/");
            }
        }
        return WeightsCache.Preferred(CacheFolder) is { } installed
            ? new WeightsChoice(installed, "installed by nst weights fetch")
            : new WeightsChoice(null, "no trained weights found");
    }

    private WeightsChoice Named(string value, string origin)
    {
        if (value == BuiltInName) return new WeightsChoice(null, origin);
        var path = Path.Combine(CurrentFolder, value);
        if (File.Exists(path) || Directory.Exists(path) || CheckpointFiles.Find(path) is not null) return new WeightsChoice(path, origin);
        var isName = value.Length > 0 && value.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');
        if (isName && WeightsCache.Find(CacheFolder, value) is { } installed) return new WeightsChoice(installed, origin);
        FileFailure.CheckReachable(path);
        var names = string.Join(", ",
            WeightsCache.Installed(CacheFolder).Select(file => Path.GetFileNameWithoutExtension(file)).Append(BuiltInName));
        throw new InvalidInputException($"{origin} is '{value}', which is neither a file nor an installed network (there is: {names}); "
            + $"get one with: nst weights fetch");
    }
}

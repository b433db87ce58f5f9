using NeuralStyle.Diagnosis;

namespace NeuralStyle.Cli.Doctor;

/// <summary>The parts that are tried in a process of their own.</summary>
internal static class Probe
{
    public const string Libtorch = "libtorch", Pictures = "pictures";

    /// <summary>Tries a part in this process.</summary>
    /// <param name="part">Its name.</param>
    /// <returns>The facts; null for an unknown name.</returns>
    public static object? Try(string part) => part switch
    {
        Libtorch => TorchFacts.Try(),
        Pictures => PictureLibraryFacts.Try(),
        _ => null,
    };
}

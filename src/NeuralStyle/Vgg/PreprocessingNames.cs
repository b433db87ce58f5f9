namespace NeuralStyle.Vgg;

/// <summary>The conventions for feeding pictures to VGG, by name. A torchvision-style file is described here and nowhere else.</summary>
internal static class PreprocessingNames
{
    /// <summary>Name and convention, the default first.</summary>
    public static IReadOnlyList<(string Name, Preprocessing Preprocessing)> All { get; } =
    [
        ("caffe-rgb", Preprocessing.CaffeRgb),
        ("caffe-bgr", Preprocessing.CaffeBgr),
        ("torchvision", Preprocessing.Torchvision),
    ];

    /// <summary>The convention of a name.</summary>
    /// <param name="option">The option that it was given to, for the message.</param>
    /// <param name="name">The name.</param>
    /// <exception cref="InvalidInputException">The name is unknown; the message lists the known ones.</exception>
    public static Preprocessing Parse(string option, string name) =>
        All.FirstOrDefault(pair => pair.Name == name).Preprocessing
        ?? throw new InvalidInputException(
            $"{option} '{name}' is not known; valid: {string.Join(", ", All.Select(pair => pair.Name))}");

    /// <summary>The name of a convention; <c>custom</c> and what it is when it has none.</summary>
    public static string NameOf(Preprocessing preprocessing) =>
        All.FirstOrDefault(pair => pair.Preprocessing.Equals(preprocessing)).Name
        ?? FormattableString.Invariant($"custom ({preprocessing.Order.ToString().ToUpperInvariant()}, 0 to {preprocessing.Range}, ")
            + $"mean {Numbers(preprocessing.Mean)}, standard deviation {Numbers(preprocessing.StandardDeviation)})";

    private static string Numbers(IReadOnlyList<float> values) =>
        string.Join(' ', values.Select(value => FormattableString.Invariant($"{value}")));
}

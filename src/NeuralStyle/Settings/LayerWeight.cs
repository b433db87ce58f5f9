using System.Globalization;
using NeuralStyle.Vgg;

namespace NeuralStyle.Settings;

/// <summary>A layer and its weight among the layers of its loss.</summary>
public sealed record LayerWeight(VggLayer Layer, double Weight = 1)
{
    /// <summary>Reads <c>relu1_1:1,relu2_1:0.5</c>; a weight left out is 1.</summary>
    /// <exception cref="InvalidInputException">A part is not a layer, or its weight is not a number.</exception>
    public static IReadOnlyList<LayerWeight> ParseList(string option, string text) => text
        .Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
        .Select(part => ParseOne(option, part)).ToArray();

    /// <summary>Writes what <see cref="ParseList"/> reads.</summary>
    public static string Format(IReadOnlyList<LayerWeight> layers) => string.Join(',', layers);

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Layer}:{Weight}");

    private static LayerWeight ParseOne(string option, string part)
    {
        var pieces = part.Split(':');
        if (pieces.Length > 2 || !VggLayer.TryParse(pieces[0], out var layer))
            throw new InvalidInputException(
                $"{option} '{part}' is not a layer; expected relu1_1 … relu5_4, optionally with a weight: relu2_1:0.5");
        if (pieces.Length == 1) return new LayerWeight(layer);
        return double.TryParse(pieces[1], NumberStyles.Float, CultureInfo.InvariantCulture, out var weight) && double.IsFinite(weight)
            ? new LayerWeight(layer, weight)
            : throw new InvalidInputException($"{option} '{part}': '{pieces[1]}' is not a number");
    }
}

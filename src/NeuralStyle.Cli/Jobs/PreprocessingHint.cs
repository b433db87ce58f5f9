using NeuralStyle.Vgg;
using NeuralStyle.Weights;

namespace NeuralStyle.Cli.Jobs;

/// <summary>Warns if the preprocessing of a network is a guess, with advice for wrong colours.</summary>
internal static class PreprocessingHint
{
    /// <summary>Writes a line if there is something to say.</summary>
    public static void Write(VggWeights weights, TextWriter error)
    {
        if (weights.PreprocessingGuess is not { } reason) return;
        var others = string.Join(" or ", PreprocessingNames.All.Where(pair => !pair.Preprocessing.Equals(weights.Preprocessing))
            .Select(pair => pair.Name));
        ErrorLine.Hint(error,
            $"the colours are a guess: {PreprocessingNames.NameOf(weights.Preprocessing)} ({reason}); if the pictures look wrong, try "
                + $"--preprocessing {others}");
    }
}

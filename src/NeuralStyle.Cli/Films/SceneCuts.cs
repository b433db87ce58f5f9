using System.Globalization;

namespace NeuralStyle.Cli.Films;

/// <summary>Where new scenes begin: found, none, or the frames that the user names.</summary>
/// <param name="Found">Whether nst finds them.</param>
/// <param name="Frames">Numbers of the first frames of scenes, from 1.</param>
internal sealed record SceneCuts(bool Found, IReadOnlyList<int> Frames)
{
    /// <summary>nst finds them.</summary>
    public static SceneCuts Auto { get; } = new(true, []);

    /// <summary>Reads <c>auto</c>, <c>none</c> or <c>49,97</c>.</summary>
    /// <exception cref="InvalidInputException">Something else.</exception>
    public static SceneCuts Parse(string option, string text)
    {
        if (text == "auto") return Auto;
        if (text == "none") return new SceneCuts(false, []);
        var frames = text.Split(',', StringSplitOptions.TrimEntries).Select(part =>
            int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var frame) && frame > 0
                ? frame
                : throw new InvalidInputException(
                    $"{option} '{part}' is not the number of a frame; expected auto, none, or numbers from 1, for instance 49,97"))
            .ToArray();
        return new SceneCuts(false, frames);
    }

    /// <inheritdoc/>
    public override string ToString() => Found ? "auto" : Frames.Count == 0 ? "none" : string.Join(',', Frames);
}

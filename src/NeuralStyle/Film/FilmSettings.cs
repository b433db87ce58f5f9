using System.Globalization;

namespace NeuralStyle.Film;

/// <summary>How the frames of a film are tied together. Every default is written here, once.</summary>
internal sealed record FilmSettings
{
    private const double LargestWeight = 1e6;
    private const int MostIterations = 10_000, MostPasses = 100;

    /// <summary>
    /// Weight of the temporal loss. With 1, a difference of a tenth of the range of values everywhere costs as much as all other losses of
    /// the frame together; 0 leaves the loss out.
    /// </summary>
    public double TemporalWeight { get; init; } = 5;

    /// <summary>Iterations for each frame but the first of a scene.</summary>
    public int Iterations { get; init; } = 15;

    /// <summary>How often each scene is gone through: forward, then backward, and so on. All passes paint every frame.</summary>
    public int Passes { get; init; } = 1;

    /// <summary>Checks every limit.</summary>
    /// <exception cref="InvalidInputException">A setting is out of its range.</exception>
    public void Validate()
    {
        if (!(TemporalWeight is >= 0 and <= LargestWeight))
            throw new InvalidInputException(string.Create(CultureInfo.InvariantCulture,
                $"FilmSettings.TemporalWeight is {TemporalWeight}; expected 0 to {LargestWeight:0}"));
        if (Iterations is < 1 or > MostIterations)
            throw new InvalidInputException(string.Create(CultureInfo.InvariantCulture,
                $"FilmSettings.Iterations is {Iterations}; expected 1 to {MostIterations}"));
        if (Passes is < 1 or > MostPasses)
            throw new InvalidInputException(string.Create(CultureInfo.InvariantCulture,
                $"FilmSettings.Passes is {Passes}; expected 1 to {MostPasses}"));
    }
}

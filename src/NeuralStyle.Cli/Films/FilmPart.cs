namespace NeuralStyle.Cli.Films;

/// <summary>Which part of a film is painted, and how many frames of it.</summary>
/// <param name="Rate">Frames per second; null for the film's own.</param>
/// <param name="Start">Seconds from its beginning.</param>
/// <param name="Duration">Seconds; null to the end.</param>
internal sealed record FilmPart(FrameRate? Rate = null, double Start = 0, double? Duration = null);

namespace NeuralStyle.Cli.Films;

/// <summary>A scene: frames that are painted one from the other. Scenes do not depend on each other.</summary>
/// <param name="First">Its first frame, from 1.</param>
/// <param name="Last">Its last frame.</param>
internal sealed record Scene(int First, int Last)
{
    /// <summary>Number of its frames.</summary>
    public int Length => Last - First + 1;
}

/// <summary>The frames of a film and where its scenes begin, found before anything is painted.</summary>
/// <param name="Frames">Number of frames.</param>
/// <param name="Firsts">The first frames of the scenes, in order, from 1.</param>
internal sealed record FilmPlan(int Frames, IReadOnlyList<int> Firsts)
{
    /// <summary>The scenes in order.</summary>
    public IReadOnlyList<Scene> Scenes { get; } =
        Firsts.Select((first, i) => new Scene(first, i + 1 < Firsts.Count ? Firsts[i + 1] - 1 : Frames)).ToArray();
}

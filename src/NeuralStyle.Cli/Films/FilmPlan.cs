namespace NeuralStyle.Cli.Films;

/// <summary>A scene: frames that are painted one from the other. Scenes do not depend on each other.</summary>
/// <param name="First">Its first frame, from 1.</param>
/// <param name="Last">Its last frame.</param>
internal sealed record Scene(int First, int Last)
{
    /// <summary>Number of its frames.</summary>
    public int Length => Last - First + 1;

    /// <summary>The frame at a place in a pass, from 0: odd passes go forward, even ones backward.</summary>
    public int At(int place, int pass) => GoesForward(pass) ? First + place : Last - place;

    /// <summary>The frame that a pass paints before a frame; outside the scene for the first of the pass.</summary>
    public static int Before(int number, int pass) => GoesForward(pass) ? number - 1 : number + 1;

    private static bool GoesForward(int pass) => pass % 2 == 1;
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

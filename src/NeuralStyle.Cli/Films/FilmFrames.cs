using NeuralStyle.Film;
using NeuralStyle.Imaging;

namespace NeuralStyle.Cli.Films;

/// <summary>A frame to paint.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Scene">Its scene.</param>
/// <param name="Pass">The pass that paints it, from 1.</param>
/// <param name="IsPainted">Whether it was painted earlier: the first of a scene, whose colours the others need.</param>
/// <param name="Planes">3×H×W, RGB in [0, 1].</param>
/// <param name="Backward">Where its pixels are found in the frame that the pass paints before it; null for the first.</param>
/// <param name="Forward">Where the pixels of that frame are found in it.</param>
internal sealed record DecodedFrame(int Number, Scene Scene, int Pass, bool IsPainted, float[] Planes, FlowField? Backward,
    FlowField? Forward);

/// <summary>The frames of a pass, in its order, with their motion.</summary>
/// <param name="Source">The film.</param>
/// <param name="Size">The size of the result.</param>
/// <param name="Plan">Its scenes.</param>
/// <param name="Kept">Keeps frames for later passes.</param>
internal sealed record FilmFrames(IFrameSource Source, PixelSize Size, FilmPlan Plan, KeptFrames Kept)
{
    /// <summary>The frames of the first pass that are to be painted, after the first one of their scene; the film is read once.</summary>
    /// <param name="begin">
    /// Asked at the first frame of each scene: how many of its frames are painted already, or null to leave it out.
    /// </param>
    /// <param name="warn">Told where the film is damaged.</param>
    /// <param name="cancellation">Ends the decoding.</param>
    public IEnumerable<DecodedFrame> First(Func<Scene, int?> begin, Action<string> warn, CancellationToken cancellation)
    {
        var (number, next) = (0, 0);
        int? done = null; // of the scene; null for one that is left out
        IReadOnlyList<GreyImage>? before = null;
        foreach (var planes in Source.Read(Size, warn, cancellation))
        {
            if (++number > Plan.Frames) yield break;
            if (next < Plan.Scenes.Count && Plan.Scenes[next].First == number) done = begin(Plan.Scenes[next++]);
            if (done is not { } painted) continue;
            var scene = Plan.Scenes[next - 1];
            var inScene = number - scene.First + 1;
            if (inScene == 1) before = null;
            Kept.Keep(number, planes);
            if (inScene > 1 && inScene < painted) continue; // only the last painted frame is needed, for the motion
            var levels = LevelsOf(planes);
            if (inScene == 1) yield return new DecodedFrame(number, scene, 1, painted > 0, planes, null, null);
            else if (inScene > painted)
            {
                yield return new DecodedFrame(number, scene, 1, false, planes, OpticalFlow.Between(levels, before!),
                    OpticalFlow.Between(before!, levels));
            }
            before = levels;
        }
        if (number < Plan.Frames)
            throw new RunFailedException($"'{Source.Name}' has {number} frames, and had {Plan.Frames} when it was begun; "
                + "give the same film, or --restart to paint this one");
    }

    /// <summary>The frames of a scene that a later pass is to paint.</summary>
    /// <param name="scene">The scene.</param>
    /// <param name="pass">The pass, from 2.</param>
    /// <param name="done">How many frames it has painted.</param>
    /// <param name="cancellation">Ends the reading.</param>
    public IEnumerable<DecodedFrame> Again(Scene scene, int pass, int done, CancellationToken cancellation)
    {
        var before = done > 0 ? LevelsOf(Kept.Read(scene.At(done - 1, pass))) : null;
        for (var place = done; place < scene.Length; place++)
        {
            cancellation.ThrowIfCancellationRequested();
            var number = scene.At(place, pass);
            var planes = Kept.Read(number);
            var levels = LevelsOf(planes);
            yield return before is null
                ? new DecodedFrame(number, scene, pass, false, planes, null, null)
                : new DecodedFrame(number, scene, pass, false, planes, OpticalFlow.Between(levels, before),
                    OpticalFlow.Between(before, levels));
            before = levels;
        }
    }

    private IReadOnlyList<GreyImage> LevelsOf(float[] planes) => GreyPyramid.Of(planes, Size.Width, Size.Height);
}

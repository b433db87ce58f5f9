using System.Numerics;
using NeuralStyle.Reduction.Rendering;

namespace RenderSamples.Landscape;

/// <summary>The content picture: a little town between mountains and a lake, in the light of a low sun.</summary>
internal static class LakeTown
{
    /// <summary>Where the water meets the quay.</summary>
    public const float WaterLine = 0.640f;

    public static readonly Vector2 Sun = new(0.30f, 0.335f);

    public static Canvas Render(int height)
    {
        var canvas = new Canvas(height * 4 / 3 * 2, height * 2);
        Sky.Paint(canvas);
        Mountains.Paint(canvas);
        Town.Paint(canvas);
        Water.Paint(canvas);
        Foreground.Paint(canvas);
        return canvas.Halved();
    }
}

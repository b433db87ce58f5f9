using NeuralStyle.Reduction.Rendering;
using RenderSamples.Landscape;
using RenderSamples.Styles;

namespace RenderSamples;

/// <summary>One picture: its file, its JPEG quality, and how to render it at a height in pixels.</summary>
internal sealed record SamplePicture(string FileName, int Quality, Func<int, Canvas> Render);

/// <summary>The pictures of samples/, each a pure function of its height: the same bytes every time.</summary>
internal static class SamplePictures
{
    /// <summary>Height in pixels of the pictures as they are shipped; they are 4:3.</summary>
    public const int Height = 768;

    public static IReadOnlyList<SamplePicture> All { get; } =
    [
        new("content.jpg", 90, LakeTown.Render),
        new("style.jpg", 88, OilPainting.Render),
        new("style-ink.jpg", 86, InkDrawing.Render),
        new("style-mosaic.jpg", 86, Mosaic.Render),
    ];
}

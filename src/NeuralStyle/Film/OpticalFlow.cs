namespace NeuralStyle.Film;

/// <summary>
/// Dense optical flow between two frames, from coarse to fine: TV-L1 (Zach, Pock, Bischof, "A duality based approach for realtime TV-L1
/// optical flow", 2007; with the parameters of Sánchez, Meinhardt-Llopis, Facciolo, "TV-L1 optical flow estimation", IPOL 2013) and a
/// median filter after each warp (Wedel et al. 2009). Edges of the motion stay sharp, which the masks of occlusions need.
/// </summary>
/// <remarks>Plain arrays on one thread: the same on every machine, and beside the optimisation without disturbing libtorch.</remarks>
internal static class OpticalFlow
{
    private const int Warps = 5; // linearisations of the frame, for each level

    /// <summary>The flow that leads from the pixels of one frame to the same things in the other.</summary>
    /// <param name="from">The levels of <see cref="GreyPyramid"/> of the frame whose pixels are asked for.</param>
    /// <param name="to">Those of the frame in which they are found; of the same sizes.</param>
    public static FlowField Between(IReadOnlyList<GreyImage> from, IReadOnlyList<GreyImage> to)
    {
        to = Exposure.Match(from, to);
        FlowField? flow = null;
        for (var level = from.Count - 1; level >= 0; level--)
        {
            var (width, height) = (from[level].Width, from[level].Height);
            flow = flow is null
                ? new FlowField(width, height, new float[width * height], new float[width * height])
                : Doubled(flow, width, height);
            var solver = new FlowSolver(from[level], to[level], flow);
            for (var warp = 0; warp < Warps; warp++) solver.Refine();
        }
        return flow!;
    }

    /// <summary>The flow of a level as the start of the next finer one.</summary>
    private static FlowField Doubled(FlowField flow, int width, int height)
    {
        var (x, y) = (new float[width * height], new float[width * height]);
        for (var row = 0; row < height; row++)
        {
            for (var column = 0; column < width; column++)
            {
                var at = row * width + column;
                x[at] = 2 * Bilinear.At(flow.X, flow.Width, flow.Height, column / 2f, row / 2f);
                y[at] = 2 * Bilinear.At(flow.Y, flow.Width, flow.Height, column / 2f, row / 2f);
            }
        }
        return new FlowField(width, height, x, y);
    }
}

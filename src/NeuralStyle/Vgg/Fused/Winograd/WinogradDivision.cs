using NeuralStyle.Runtime.Lanes;

namespace NeuralStyle.Vgg.Fused.Winograd;

/// <summary>
/// How the work of a Winograd convolution is divided over threads: into groups of tiles, each of which transforms all kernels again, and
/// each group into parts of the output channels, each of which gathers the group's tiles again. On many threads a small layer is mostly
/// kernels: parts save more than groups.
/// </summary>
internal static class WinogradDivision
{
    // measured at 288 channels with AVX-512, in products of one tile with one panel of output channels
    private const double Kernels = 13; // to transform a panel of kernels
    private const double Gathering = 0.9; // to transform a tile

    private const int MostThreads = 64; // with more, the search would take longer than it saves

    /// <summary>The division that takes least time by these figures.</summary>
    /// <param name="tiles">Tiles of the layer.</param>
    /// <param name="panels">Panels of output channels.</param>
    /// <param name="threads">At most so many work at a time.</param>
    /// <param name="largest">Most tiles of a group.</param>
    public static (int Groups, int Parts) Of(int tiles, int panels, int threads, int largest)
    {
        var least = (tiles + largest - 1) / largest;
        var workers = Math.Min(threads, MostThreads);
        var best = (Cost: double.PositiveInfinity, Groups: least, Parts: 1);
        for (var parts = 1; parts <= Math.Min(panels, workers); parts++)
        {
            for (var groups = least; groups <= Math.Min(tiles, least + workers); groups++)
            {
                var size = (tiles + groups - 1) / groups;
                var rows = (size + PanelProduct.RowUnit - 1) / PanelProduct.RowUnit * PanelProduct.RowUnit;
                var turns = (groups * parts + workers - 1) / workers;
                var cost = turns * (Gathering * size + (panels + parts - 1) / parts * (Kernels + rows));
                if (cost < best.Cost) best = (cost, groups, parts);
            }
        }
        return (best.Groups, best.Parts);
    }
}

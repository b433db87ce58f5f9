using NeuralStyle.Evaluation.Tiling;
using NeuralStyle.Vgg;

namespace NeuralStyle.Memory;

/// <summary>The cost of the tiles of a section; fitted to measurements, see docs/tiling.md.</summary>
/// <param name="Section">The section.</param>
/// <param name="Working">Bytes per pixel for a forward and a backward pass.</param>
/// <param name="Kept">Bytes per pixel whose forward pass is kept for later; 0 if none can be kept.</param>
/// <param name="Work">Multiplications per pixel, counted as direct convolutions.</param>
internal sealed record SectionCost(Section Section, double Working, double Kept, double Work)
{
    private const double Float = sizeof(float);

    /// <summary>The costs of all sections.</summary>
    public static IReadOnlyList<SectionCost> Of(VggNetwork network, IEnumerable<Section> sections) =>
        sections.Select(section => Of(network, section)).ToArray();

    /// <summary>Channels of a layer, or of the pooled input of a block, per pixel of the picture.</summary>
    public static double Share(VggNetwork network, VggLayer layer) => network.Channels(layer) / Math.Pow(layer.Stride, 2);

    /// <summary>The factor by which halos increase the work, for square tiles in the middle of a picture.</summary>
    /// <param name="costs">All sections.</param>
    /// <param name="pixels">Of a tile of the first section with its halo.</param>
    /// <returns>At least 1; infinite where a tile is all halo.</returns>
    public static double Overhead(IReadOnlyList<SectionCost> costs, double pixels) => costs.Sum(cost =>
    {
        var side = Math.Sqrt(pixels * cost.Section.Growth);
        var core = side - 2 * cost.Section.Halo;
        return core > 0 ? cost.Work * Math.Pow(side / core, 2) : double.PositiveInfinity;
    }) / costs.Sum(cost => cost.Work);

    private static SectionCost Of(VggNetwork network, Section section)
    {
        var used = network.Layers.Where(layer => layer.Block >= section.From && layer.CompareTo(section.Wanted.Max()) <= 0).ToArray();
        var all = used.Sum(layer => Share(network, layer));
        var work = used.Sum(layer => network.Multiplications(layer) / Math.Pow(layer.Stride, 2));
        // itself, its gradient, requested layers, workspace
        if (!network.IsFused) return new SectionCost(section, 6 * Float * all, 0, work);
        var asked = section.Wanted.Concat(used.Where(layer => layer == new VggLayer(1, 1))).Distinct();
        var kept = Float * asked.Sum(layer => Share(network, layer)) + all / 4; // requested layers; gates and places of the others
        var widest = Float * used.Max(layer => Share(network, layer));
        var buffers = 3 * widest; // two of them, and losses of the allocator between tiles
        return new SectionCost(section, kept + buffers, kept, work);
    }
}

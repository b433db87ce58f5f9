using NeuralStyle.Evaluation.Tiling;
using NeuralStyle.Memory;
using NeuralStyle.Vgg;

namespace NeuralStyle.Tests.Evaluation.Tiling;

public sealed class SectionTests
{
    private static readonly VggLayer[] Layers = [new(1, 1), new(2, 1), new(3, 1), new(4, 1), new(4, 2), new(5, 1)];

    private static VggNetwork Vgg19() => new(TinyNetworks.Random([16, 32, 64, 128, 128]), new NetworkOptions());

    [Fact]
    public void Halos_are_those_of_a_sections_own_layers()
    {
        using var network = Vgg19();
        var whole = Assert.Single(Section.Of(network, Layers, split: false));
        Assert.Equal((80, 16), (whole.Halo, whole.Stride)); // 2·1 + 2·2 + 4·4 + 4·8 + 16 = 70, rounded up to 16
        var sections = Section.Of(network, Layers, split: true);
        // 2 + 4 + 16 = 22, rounded up to 8; 4·8 + 16
        Assert.Equal([(1, 24, 8, 1), (4, 48, 16, 8)],
            sections.Select(section => (section.From, section.Halo, section.Stride, section.InputStride)));
        Assert.Equal([VggLayer.PooledInto(4), null], sections.Select(section => section.Passed));
        Assert.Equal(4, sections[1].Growth); // 16 channels against 128 / 64, and half of that
    }

    [Fact]
    public void Layers_that_are_not_deep_leave_the_network_whole()
    {
        using var network = Vgg19();
        Assert.Null(Assert.Single(Section.Of(network, Layers[..3], split: true)).Passed);
        Assert.Empty(Section.Of(network, [], split: true));
    }

    [Fact]
    public void The_work_of_two_sections_is_that_of_the_whole_network()
    {
        using var network = Vgg19();
        double[] Work(bool split) => SectionCost.Of(network, Section.Of(network, Layers, split)).Select(cost => cost.Work).ToArray();
        const double First = 9 * (3 * 16 + 16 * 16 + (16 * 32 + 32 * 32) / 4.0 + (32 * 64 + 3 * 64 * 64) / 16.0);
        const double Second = 9 * ((64 * 128 + 3 * 128 * 128) / 64.0 + 128 * 128 / 256.0);
        Assert.Equal([First, Second], Work(split: true));
        Assert.Equal([First + Second], Work(split: false));
    }

    [Fact]
    public void Two_sections_compute_less_twice_than_one()
    {
        using var network = Vgg19();
        double Overhead(bool split) => SectionCost.Overhead(SectionCost.Of(network, Section.Of(network, Layers, split)), 1_000_000);
        Assert.Equal(Math.Pow(1000 / (1000 - 160.0), 2), Overhead(split: false), 1e-12);
        Assert.InRange(Overhead(split: true), 1.01, 1.15);
        Assert.Equal(double.PositiveInfinity,
            SectionCost.Overhead(SectionCost.Of(network, Section.Of(network, Layers, split: false)), 160 * 160));
    }
}

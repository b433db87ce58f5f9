using NeuralStyle.Diagnosis;

namespace NeuralStyle.Tests.Diagnosis;

public sealed class GraphicsFactsTests
{
    [Fact]
    public void The_table_of_nvidia_smi_is_read() => Assert.Equal(
        [new GraphicsFacts("NVIDIA H100 80GB HBM3", "570.86.15", 81559L << 20), new GraphicsFacts("GRID", "570.86.15", 0)],
        GraphicsFacts.Parse("NVIDIA H100 80GB HBM3, 570.86.15, 81559\nGRID, 570.86.15, [N/A]\n"));
}

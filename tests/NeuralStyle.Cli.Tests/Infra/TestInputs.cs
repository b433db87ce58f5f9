using NetVips;
using NeuralStyle.Weights;

namespace NeuralStyle.Cli.Tests.Infra;

/// <summary>Small inputs made on the spot.</summary>
internal static class TestInputs
{
    /// <summary>A sky over a ground with a sun: large smooth areas and an edge.</summary>
    public static void WritePhotograph(string path, int width, int height)
    {
        using var position = Image.Xyz(width, height).Linear([1.0 / width, 1.0 / height], [0, 0]);
        using var x = position[0];
        using var y = position[1];
        using var sun = (((x - 0.7) * (x - 0.7) + (y - 0.3) * (y - 0.3)) < 0.02).Ifthenelse(200.0, 0.0);
        using var ground = (y > 0.6).Ifthenelse(90.0, 0.0);
        using var image = (x * 60 + 60 + sun)
            .Bandjoin(y * 120 + 40 + sun, 220 - y * 150 + ground)
            .Cast(Enums.BandFormat.Uchar)
            .Copy(interpretation: Enums.Interpretation.Srgb);
        image.WriteToFile(path);
    }

    /// <summary>Bright slanting stripes.</summary>
    public static void WritePainting(string path, int width, int height)
    {
        using var position = Image.Xyz(width, height).Cast(Enums.BandFormat.Float);
        using var wave = ((position[0] + position[1] * 0.5) * 40).Sin() * 100 + 128;
        using var image = wave.Bandjoin(255 - wave, position[1] * (255.0 / height))
            .Cast(Enums.BandFormat.Uchar)
            .Copy(interpretation: Enums.Interpretation.Srgb);
        image.WriteToFile(path);
    }

    /// <summary>A slim network of VGG-19 shape with random filters.</summary>
    public static void WriteWeights(string path) => NpzWriter.Write(path, TinyNetworks.Random());
}

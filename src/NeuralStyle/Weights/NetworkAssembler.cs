using System.Globalization;
using NeuralStyle.Vgg;

namespace NeuralStyle.Weights;

/// <summary>One convolution as a file holds it.</summary>
internal sealed record FoundConvolution(VggLayer Layer, string KernelName, TensorInfo Kernel, string BiasName, TensorInfo Bias);

/// <summary>The convolutions that a file holds, checked by name and shape before any value is read.</summary>
internal sealed class NetworkAssembler
{
    private const long SmallFileAllowance = 1 << 16;
    private const int MaximumChannels = 1 << 13;

    private readonly ITensorArchive _archive;

    /// <summary>Finds the convolutions.</summary>
    /// <param name="archive">The file.</param>
    /// <param name="fileBytes">Its size: the values may take four times as much memory at most, whatever the file claims.</param>
    /// <exception cref="WeightsFormatException">Layers or biases are missing, shapes do not chain, or the file claims too much.</exception>
    public NetworkAssembler(ITensorArchive archive, long fileBytes)
    {
        _archive = archive;
        (Scheme, var tensors) = LayerNames.Resolve(archive.Names);
        var layers = tensors.Keys.Select(key => key.Layer).Distinct().Order().ToArray();
        CheckTopology(layers);
        archive.Prefetch(tensors.OrderBy(pair => pair.Key.Layer).ThenBy(pair => pair.Key.Role).Select(pair => pair.Value));
        Convolutions = layers.Select(layer => Describe(layer, tensors)).ToArray();
        Layout = KernelLayouts.Recognise(Convolutions.Select(c => (c.Layer, c.Kernel)).ToArray(), Scheme.Preprocessing == Preprocessing.CaffeRgb ? KernelLayout.Hwio : KernelLayout.Oihw);
        CheckChannels();
        var needed = Convolutions.Sum(c => c.Kernel.Count + c.Bias.Count) * sizeof(float);
        if (needed > 4 * fileBytes + SmallFileAllowance)
            throw new WeightsFormatException(string.Create(CultureInfo.InvariantCulture, $"it claims to unpack from {fileBytes} to {needed} bytes, which real weights never do"));
    }

    /// <summary>How the file names its layers.</summary>
    public NamingScheme Scheme { get; }

    /// <summary>How the kernels' axes lie.</summary>
    public KernelLayout Layout { get; }

    /// <summary>In order of depth.</summary>
    public IReadOnlyList<FoundConvolution> Convolutions { get; }

    /// <summary>Reads all values.</summary>
    /// <exception cref="WeightsFormatException">Values are damaged or not finite.</exception>
    public IReadOnlyList<ConvolutionWeights> ReadAll() => Convolutions.Select(found =>
    {
        var (outChannels, inChannels) = Layout.Channels(found.Kernel.Shape);
        var kernel = ReadValues(found.KernelName, found.Kernel, Layout.AxesToOihw());
        return new ConvolutionWeights(found.Layer, outChannels, inChannels, kernel, ReadValues(found.BiasName, found.Bias, [0]));
    }).ToArray();

    private static void CheckTopology(IReadOnlyList<VggLayer> layers)
    {
        var expected = new VggLayer(1, 1);
        foreach (var layer in layers)
        {
            if (layer != expected && !(layer.Index == 1 && layer.Block == expected.Block + 1 && expected.Index > 1))
                throw new WeightsFormatException($"it has {layer.ConvolutionName} but not {expected.ConvolutionName}");
            expected = layer with { Index = layer.Index + 1 };
        }
    }

    private FoundConvolution Describe(VggLayer layer, Dictionary<(VggLayer Layer, TensorRole Role), string> tensors)
    {
        var kernel = tensors.GetValueOrDefault((layer, TensorRole.Kernel)) ?? throw new WeightsFormatException($"{layer.ConvolutionName} has a bias but no kernel");
        var bias = tensors.GetValueOrDefault((layer, TensorRole.Bias)) ?? throw new WeightsFormatException($"{layer.ConvolutionName} has a kernel ('{kernel}') but no bias");
        return new FoundConvolution(layer, kernel, Describe(kernel), bias, Describe(bias));
    }

    private TensorInfo Describe(string name)
    {
        try
        {
            var info = _archive.Describe(name);
            return info.Shape.Any(size => size is < 1 or > MaximumChannels) || info.Shape.Count is < 1 or > 4
                ? throw new WeightsFormatException($"it has the shape {info.ShapeText}")
                : info;
        }
        catch (Exception failure) when (failure is WeightsFormatException or EndOfStreamException or OverflowException)
        {
            throw new WeightsFormatException($"the array '{name}' cannot be used: {(failure is WeightsFormatException ? failure.Message : "it ends early")}", failure);
        }
    }

    private void CheckChannels()
    {
        var (channels, from) = (3, "the three colours");
        foreach (var found in Convolutions)
        {
            var name = found.Layer.ConvolutionName;
            var (outChannels, inChannels) = Layout.Channels(found.Kernel.Shape);
            if (inChannels != channels)
                throw new WeightsFormatException($"the shapes do not chain: {name} ({found.Kernel.ShapeText}) takes {inChannels} channels but {from} give {channels}");
            if (found.Bias.Shape.Count != 1 || found.Bias.Shape[0] != outChannels)
                throw new WeightsFormatException($"the bias of {name} is {found.Bias.ShapeText}; expected {outChannels} values");
            (channels, from) = (outChannels, $"the filters of {name}");
        }
    }

    private float[] ReadValues(string name, TensorInfo info, int[] axes)
    {
        try
        {
            using var stream = _archive.Open(name);
            var values = ElementReader.Read(stream, info, axes);
            var bad = Array.FindIndex(values, value => !float.IsFinite(value));
            if (bad >= 0) throw new WeightsFormatException($"it holds {(float.IsNaN(values[bad]) ? "NaN (not a number)" : "infinite or too large values")}");
            return values;
        }
        catch (Exception failure) when (failure is WeightsFormatException or EndOfStreamException)
        {
            throw new WeightsFormatException($"the array '{name}' cannot be used: {(failure is WeightsFormatException ? failure.Message : "it ends early")}", failure);
        }
    }
}

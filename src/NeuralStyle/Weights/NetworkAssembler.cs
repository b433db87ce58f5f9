using System.Globalization;
using NeuralStyle.Vgg;

namespace NeuralStyle.Weights;

/// <summary>One tensor as a file holds it.</summary>
internal sealed record FoundTensor(string Name, TensorInfo Info);

/// <summary>One convolution as a file holds it, with what belongs to it.</summary>
/// <param name="Layer">Its place in the network.</param>
/// <param name="Tensors">The kernel, and the bias and batch normalisation if there are any.</param>
internal sealed record FoundConvolution(VggLayer Layer, IReadOnlyDictionary<TensorRole, FoundTensor> Tensors)
{
    /// <summary>The filters.</summary>
    public FoundTensor Kernel => Tensors[TensorRole.Kernel];

    /// <summary>Whether a batch normalisation follows, which is folded into the convolution.</summary>
    public bool IsNormalized => Tensors.ContainsKey(TensorRole.Mean);
}

/// <summary>The convolutions that a file holds, checked by name and shape before any value is read.</summary>
internal sealed class NetworkAssembler
{
    /// <summary>
    /// Memory that values may always take, for any size of the file: compressed, sparse weights unpack to many times their size, but
    /// no VGG has more than three times the values of VGG-19's convolutions. Beyond that, the file must have a quarter of the unpacked
    /// size.
    /// </summary>
    private const long AlwaysAllowed = 3 * 80_000_000L;

    private const int MaximumChannels = 1 << 13;

    private readonly ITensorArchive _archive;
    private readonly NetworkNames _names;

    /// <summary>Finds the convolutions.</summary>
    /// <param name="archive">The file.</param>
    /// <param name="fileBytes">Its size.</param>
    /// <exception cref="WeightsFormatException">Layers or biases are missing, shapes do not chain, or the file claims too much.</exception>
    public NetworkAssembler(ITensorArchive archive, long fileBytes)
    {
        _archive = archive;
        _names = LayerNames.Resolve(archive.Names, Describe);
        var layers = _names.Tensors.Keys.Select(key => key.Layer).Distinct().Order().ToList();
        var hasColourLayer = layers.Remove(NetworkNames.ColourLayer);
        CheckTopology(layers);
        archive.Prefetch(_names.Tensors.OrderBy(pair => pair.Key.Layer).ThenBy(pair => pair.Key.Role).Select(pair => pair.Value));
        Convolutions = layers.Select(Describe).ToArray();
        ColourLayer = hasColourLayer ? Describe(NetworkNames.ColourLayer) : null;
        Layout = KernelLayouts.Recognise(Convolutions.Select(c => (c.Layer, c.Kernel.Info))
            .ToArray(), Scheme.Preprocessing == Preprocessing.CaffeRgb ? KernelLayout.Hwio : KernelLayout.Oihw);
        CheckChannels();
        var needed = Convolutions.Sum(c => c.Tensors.Values.Sum(tensor => tensor.Info.Count)) * sizeof(float);
        if (needed > Math.Max(4 * fileBytes, AlwaysAllowed))
            throw new WeightsFormatException(string.Create(CultureInfo.InvariantCulture,
                $"it claims to unpack from {fileBytes} to {needed} bytes, which real weights never do"));
    }

    /// <summary>How the file names its layers.</summary>
    public NamingScheme Scheme => _names.Scheme;

    /// <summary>The order of the kernels' axes.</summary>
    public KernelLayout Layout { get; }

    /// <summary>In order of depth.</summary>
    public IReadOnlyList<FoundConvolution> Convolutions { get; }

    /// <summary>A 1×1 convolution before the first layer, which converts colours; null when there is none, as usual.</summary>
    public FoundConvolution? ColourLayer { get; }

    /// <summary>The names of all tensors that are used.</summary>
    public IEnumerable<string> Used => _names.Tensors.Values;

    /// <summary>Reads one convolution, its batch normalisation folded in.</summary>
    /// <exception cref="WeightsFormatException">Values are damaged or not finite.</exception>
    public ConvolutionWeights Read(FoundConvolution found)
    {
        var (outChannels, inChannels) = Layout.Channels(found.Kernel.Info.Shape);
        var kernel = ReadValues(found.Kernel, Layout.AxesToOihw());
        if (found.Tensors.TryGetValue(TensorRole.Step, out var steps)) WeightsFolding.ApplySteps(kernel, ReadValues(steps, [0]));
        var bias = Vector(TensorRole.Bias, 0);
        if (found.IsNormalized)
            WeightsFolding.FoldNormalization(kernel, bias, Vector(TensorRole.Scale, 1), Vector(TensorRole.Shift, 0),
                Vector(TensorRole.Mean, 0), Vector(TensorRole.Variance, 1), Scheme.Epsilon);
        return new ConvolutionWeights(found.Layer, outChannels, inChannels, kernel, bias);

        float[] Vector(TensorRole role, float otherwise)
        {
            if (found.Tensors.TryGetValue(role, out var tensor)) return ReadValues(tensor, [0]);
            var values = new float[outChannels];
            Array.Fill(values, otherwise);
            return values;
        }
    }

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

    private FoundConvolution Describe(VggLayer layer)
    {
        var tensors = Enum.GetValues<TensorRole>().Where(role => _names.Tensors.ContainsKey((layer, role)))
            .ToDictionary(role => role, role => new FoundTensor(_names.Tensors[(layer, role)], Describe(_names.Tensors[(layer, role)])));
        if (!tensors.ContainsKey(TensorRole.Kernel)) throw new WeightsFormatException($"{layer.ConvolutionName} has a bias but no kernel");
        var normalizations = tensors.Keys.Count(role => role >= TensorRole.Scale);
        if (normalizations > 0 && !(tensors.ContainsKey(TensorRole.Mean) && tensors.ContainsKey(TensorRole.Variance)))
            throw new WeightsFormatException($"the batch normalisation of {layer.ConvolutionName} lacks its running mean or variance");
        if (normalizations == 0 && !tensors.ContainsKey(TensorRole.Bias))
            throw new WeightsFormatException(
                $"{layer.ConvolutionName} has a kernel ('{LayerNames.Printable(tensors[TensorRole.Kernel].Name)}') but no bias");
        var isWhole = tensors[TensorRole.Kernel].Info.Type == ElementType.Int8;
        if (isWhole != tensors.ContainsKey(TensorRole.Step)
            || tensors.Any(pair => pair.Key != TensorRole.Kernel && pair.Value.Info.Type == ElementType.Int8))
            throw new WeightsFormatException(
                $"{layer.ConvolutionName} is stored in 8 bits without its steps ('{layer.ConvolutionName}_s'), or has steps without need");
        return new FoundConvolution(layer, tensors);
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
            throw CannotUse(name, failure);
        }
    }

    private void CheckChannels()
    {
        var (channels, from) = (3, "the three colours");
        foreach (var found in Convolutions)
        {
            var name = found.Layer.ConvolutionName;
            var (outChannels, inChannels) = Layout.Channels(found.Kernel.Info.Shape);
            if (inChannels != channels)
                throw new WeightsFormatException($"the shapes do not chain: {name} ({found.Kernel.Info.ShapeText}) takes {inChannels} "
                    + $"channels but {from} give {channels}" + (channels == 3 && inChannels > 64 ? "; is it a decoder?" : ""));
            foreach (var (role, tensor) in found.Tensors.Where(pair => pair.Key != TensorRole.Kernel))
            {
                if (tensor.Info.Shape.Count != 1 || tensor.Info.Shape[0] != outChannels)
                    throw new WeightsFormatException(
                        $"the {role.ToString().ToLowerInvariant()} of {name} is {tensor.Info.ShapeText}; expected {outChannels} values");
            }
            (channels, from) = (outChannels, $"the filters of {name}");
        }
        if (ColourLayer is { } colour
            && (colour.Kernel.Info.Count != 9 || colour.IsNormalized || colour.Tensors[TensorRole.Bias].Info.Count != 3))
            throw new WeightsFormatException($"its first layer ({colour.Kernel.Info.ShapeText}) does not convert three colours to three");
    }

    private float[] ReadValues(FoundTensor tensor, int[] axes)
    {
        try
        {
            using var stream = _archive.Open(tensor.Name);
            var values = ElementReader.Read(stream, tensor.Info, axes);
            var bad = ElementReader.FirstNotFinite(values);
            if (bad >= 0)
                throw new WeightsFormatException(
                    $"it holds {(float.IsNaN(values[bad]) ? "NaN (not a number)" : "infinite or too large values")}");
            return values;
        }
        catch (Exception failure) when (failure is WeightsFormatException or EndOfStreamException)
        {
            throw CannotUse(tensor.Name, failure);
        }
    }

    private static WeightsFormatException CannotUse(string name, Exception failure) =>
        new($"the array '{LayerNames.Printable(name)}' cannot be used: "
            + $"{(failure is WeightsFormatException ? failure.Message : "it ends early")}", failure);

    /// <summary>Reads the layer that converts colours: its 3×3 matrix, output by input, and its bias.</summary>
    public (float[] Matrix, float[] Bias) ReadColourLayer()
    {
        // The other two axes have one element each, so both layouts are a matrix.
        var axes = ColourLayer!.Kernel.Info.Shape[0] == 1 ? KernelLayout.Hwio.AxesToOihw() : KernelLayout.Oihw.AxesToOihw();
        return (ReadValues(ColourLayer.Kernel, axes), ReadValues(ColourLayer.Tensors[TensorRole.Bias], [0]));
    }
}

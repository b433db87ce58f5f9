using NeuralStyle.Vgg;
using NeuralStyle.Weights.Formats;

namespace NeuralStyle.Weights;

/// <summary>An open weights file whose convolutions were found and checked, but not read yet.</summary>
internal sealed class WeightsReader : IDisposable
{
    private const long MaximumFileBytes = 4L << 30; // VGG-19 with its optimiser's state takes 1.7 GB

    private readonly ITensorArchive _archive;
    private readonly NetworkAssembler _network;
    private readonly WeightsMetadata _metadata;

    /// <summary>Checks an archive; owns it from then on.</summary>
    /// <param name="archive">The file.</param>
    /// <param name="fileBytes">Its size.</param>
    /// <param name="fileName">Its name, which may tell what it is.</param>
    /// <param name="sha256">Its hash, which may tell what it is; empty when it is not known because the file was fetched in parts.</param>
    public WeightsReader(ITensorArchive archive, long fileBytes, string fileName, string sha256)
    {
        _archive = archive;
        (FileName, Sha256) = (fileName, sha256);
        _network = new NetworkAssembler(archive, fileBytes);
        _metadata = archive.Metadata is { } json ? WeightsMetadata.Parse(json) : WeightsMetadata.None;
        (Preprocessing, PreprocessingReason) = DecidePreprocessing();
    }

    public string FileName { get; }

    public string Sha256 { get; }

    public Preprocessing Preprocessing { get; }

    public string PreprocessingReason { get; }

    /// <summary>Runs an action and turns every way in which a file can be wrong into one exception.</summary>
    /// <exception cref="InvalidInputException">The file is damaged, or cannot be read; names the file.</exception>
    public static T Guard<T>(string path, Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception failure) when (failure is WeightsFormatException or EndOfStreamException or OverflowException)
        {
            var what = failure is WeightsFormatException ? failure.Message : "it is truncated or damaged";
            throw new InvalidInputException($"cannot use the weights '{path}': {what}", failure);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException($"cannot read the weights '{path}': {failure.Message.TrimEnd('.')}", failure);
        }
    }

    /// <summary>Opens a file or a folder of arrays.</summary>
    public static WeightsReader Open(string path)
    {
        var name = Path.GetFileName(Path.TrimEndingDirectorySeparator(path));
        if (Directory.Exists(path))
        {
            var folder = new NpyFolderArchive(path);
            return new WeightsReader(folder, folder.Files.Sum(file => file.Source.Length), name, WeightsHash.Sha256(folder.Files));
        }
        if (!File.Exists(path)) throw new InvalidInputException($"the weights file '{path}' does not exist; give a file, or get one with: nst weights fetch");
        var source = new FileSource(path);
        try
        {
            if (source.Length > MaximumFileBytes) throw new WeightsFormatException("it is far larger than any file of VGG weights");
            return new WeightsReader(ArchiveReader.Open(source), source.Length, name, WeightsHash.Sha256(source));
        }
        catch
        {
            source.Dispose();
            throw;
        }
    }

    /// <summary>Reads the values.</summary>
    public VggWeights Read(WeightsOverrides? overrides = null) => new(
        FileName, Sha256, _network.ReadAll(), overrides?.Preprocessing ?? Preprocessing, overrides?.Padding ?? _metadata.Padding);

    /// <summary>What was understood.</summary>
    public WeightsInspection Inspect() => new()
    {
        Format = _archive.Format,
        Layers = _network.Convolutions.Select(found => new LayerInspection(found.Layer, LayerNames.Printable(found.KernelName), found.Kernel.ShapeText, NumberFormat(found.Kernel))).ToArray(),
        Layout = _network.Layout == KernelLayout.Hwio ? "HxWxInxOut" : "OutxInxHxW",
        Preprocessing = Preprocessing,
        PreprocessingReason = PreprocessingReason,
        Padding = _metadata.Padding,
        Sha256 = Sha256,
        Source = _metadata.Source is { } text ? LayerNames.Printable(text) : null,
        Unused = _archive.Names.Except(_network.Convolutions.SelectMany(found => new[] { found.KernelName, found.BiasName })).Order(StringComparer.Ordinal).Select(LayerNames.Printable).ToArray(),
    };

    public void Dispose() => _archive.Dispose();

    private (Preprocessing Preprocessing, string Reason) DecidePreprocessing()
    {
        if (_metadata.Preprocessing is { } said) return (said, "the file says so");
        if (KnownSources.FindByHash(Sha256) is { } byHash) return (byHash.Preprocessing, $"its SHA-256 is that of {byHash.Name}");
        if (KnownSources.FindByFileName(FileName) is { } byName) return (byName.Preprocessing, $"its file name is that of {byName.Name}");
        return (_network.Scheme.Preprocessing, $"usual for files with layers named like {_network.Scheme.Name}");
    }

    private static string NumberFormat(TensorInfo info)
    {
        var order = info.StorageOrder.Zip(info.StorageOrder.Skip(1)).All(pair => pair.First < pair.Second) ? "" : ", axes stored in another order";
        return info.Type.Text() + (info.BigEndian ? ", big-endian" : "") + order;
    }
}

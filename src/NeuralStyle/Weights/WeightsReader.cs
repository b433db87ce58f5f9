using NeuralStyle.Runtime.Files;
using NeuralStyle.Vgg;
using NeuralStyle.Weights.Formats;
using NeuralStyle.Weights.Formats.TensorFlow;

namespace NeuralStyle.Weights;

/// <summary>An open weights file whose convolutions have been found and checked, but not read.</summary>
internal sealed class WeightsReader : IDisposable
{
    private const long MaximumFileBytes = 4L << 30; // VGG-19 with its optimiser's state takes 1.7 GB

    private readonly ITensorArchive _archive;
    private readonly NetworkAssembler _network;
    private readonly WeightsMetadata _metadata;
    private readonly Lazy<PreprocessingVerdict> _verdict; // reads the first layer

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
        _verdict = new Lazy<PreprocessingVerdict>(() => PreprocessingJudge.Decide(_network, _metadata, Sha256, FileName));
    }

    public string FileName { get; }

    public string Sha256 { get; }

    /// <summary>Runs an action and turns every kind of fault in a file into one exception.</summary>
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
            throw new InvalidInputException($"cannot read the weights '{path}': {FileFailure.ReasonOf(failure, path)}", failure);
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
        if (CheckpointFiles.Find(path) is { } checkpoint && File.Exists(checkpoint.Data))
            return OpenCheckpoint(checkpoint.Index, checkpoint.Data);
        if (!File.Exists(path))
            throw new InvalidInputException($"the weights file '{path}' does not exist; give a file, or get one with: nst weights fetch");
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

    private static WeightsReader OpenCheckpoint(string indexPath, string dataPath)
    {
        var (index, data) = (new FileSource(indexPath), new FileSource(dataPath));
        try
        {
            if (data.Length > MaximumFileBytes || index.Length > MaximumFileBytes)
                throw new WeightsFormatException("it is far larger than any file of VGG weights");
            var archive = CheckpointArchive.Open(index, data);
            return new WeightsReader(archive, index.Length + data.Length, Path.GetFileName(indexPath),
                WeightsHash.Sha256([("data", data), ("index", index)]));
        }
        catch
        {
            index.Dispose();
            data.Dispose();
            throw;
        }
    }

    // Networks with a layer that converts colours pad by reflection (universal style transfer, AdaIN and what came after).
    private PaddingMode? Padding => _metadata.Padding ?? (_network.ColourLayer is null ? null : PaddingMode.Reflect);

    /// <summary>Reads the values.</summary>
    public VggWeights Read(WeightsOverrides? overrides = null)
    {
        var verdict = _verdict.Value;
        var convolutions = _network.Convolutions.Skip(1).Select(_network.Read).Prepend(verdict.First).ToArray();
        if (verdict.IsTransposed) foreach (var convolution in convolutions) WeightsFolding.Transpose(convolution.Kernel);
        return new VggWeights(FileName, Sha256, convolutions, overrides?.Preprocessing
            ?? verdict.Preprocessing, overrides?.Padding
            ?? Padding)
        {
            ContentFactor = _metadata.ContentFactor ?? 1,
            PreprocessingGuess = verdict.IsGuess && overrides?.Preprocessing is null ? verdict.Reason : null,
        };
    }

    /// <summary>The description of the file.</summary>
    public WeightsInspection Inspect() => new()
    {
        Format = _archive.Format,
        Layers = _network.Convolutions.Select(found => new LayerInspection(
            found.Layer, LayerNames.Printable(found.Kernel.Name), found.Kernel.Info.ShapeText,
                NumberFormat(found.Kernel.Info)) { IsNormalized = found.IsNormalized,
                Filters = _network.Layout.Channels(found.Kernel.Info.Shape).Out }).ToArray(),
        Layout = _network.Layout == KernelLayout.Hwio ? "HxWxInxOut" : "OutxInxHxW",
        Preprocessing = _verdict.Value.Preprocessing,
        PreprocessingReason = _verdict.Value.Reason,
        IsPreprocessingGuessed = _verdict.Value.IsGuess,
        Training = _verdict.Value.Training,
        Padding = Padding,
        Sha256 = Sha256,
        Source = _metadata.Source is { } text ? LayerNames.Printable(text) : null,
        Unused = _archive.Names.Except(_network.Used).Except([WeightsMetadata.EntryName]).Order(StringComparer.Ordinal)
            .Select(LayerNames.Printable).ToArray(),
    };

    public void Dispose() => _archive.Dispose();

    private static string NumberFormat(TensorInfo info)
    {
        var order = info.StorageOrder.Zip(info.StorageOrder.Skip(1)).All(pair => pair.First < pair.Second)
            ? ""
            : ", axes stored in another order";
        return info.Type.Text() + (info.BigEndian ? ", big-endian" : "") + order;
    }
}

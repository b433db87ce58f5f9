using NeuralStyle.Weights.Formats.Pickle;

namespace NeuralStyle.Weights.Formats;

/// <summary>
/// Arrays of NumPy in a pickle: <c>numpy.save</c> of a dictionary (vgg19.npy), pickled dictionaries (.pkl, Paddle's .pdparams). The
/// elements stay in the pickle until they are read.
/// </summary>
internal static class NumpyPickle
{
    /// <summary>Opens a .npy file of objects.</summary>
    /// <exception cref="WeightsFormatException">It holds plain numbers, or no arrays at all.</exception>
    public static ITensorArchive OpenNpy(IByteSource source)
    {
        var stream = new SourceStream(source, 0, source.Length);
        var header = NpyHeader.Read(stream);
        if (!header.Descr.EndsWith('O'))
            throw new WeightsFormatException("it is a single array; expected a file of all layers, or a folder of .npy files, one a layer");
        var cursor = new SourceCursor(source);
        cursor.Seek(stream.Offset);
        return ToArchive("npy (dictionary)", new PickleMachine(cursor).Run(), source);
    }

    /// <summary>Makes an archive of an unpickled value.</summary>
    /// <exception cref="WeightsFormatException">There are no arrays in it.</exception>
    public static ITensorArchive ToArchive(string format, object? root, IByteSource source)
    {
        var arrays = PickleTree.Leaves<PickleArray>(root, '/');
        if (arrays.Count == 0)
            throw new WeightsFormatException("it is a pickle, but holds neither tensors of torch.save nor arrays of NumPy");
        return new TensorTable(format, arrays.ToDictionary(pair => pair.Key, pair => Place(pair.Value, source)), null, source);
    }

    private static TensorPlace Place(PickleArray array, IByteSource source)
    {
        if (array is not { Data: { } data, Type: { } type }) return new TensorPlace(source, 0, 0, null);
        var header = new NpyHeader((type.ByteOrder is "|" or "" ? "=" : type.ByteOrder) + type.Code, array.IsFortran, array.Shape);
        return new TensorPlace(data.Source, data.Offset, data.Length, header.IsFloat
            ? header.ToTensorInfo()
            : null) { IsUtf8 = data.IsUtf8 };
    }
}

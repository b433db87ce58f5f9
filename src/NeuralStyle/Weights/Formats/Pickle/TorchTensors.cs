namespace NeuralStyle.Weights.Formats.Pickle;

/// <summary>The tensors of an unpickled checkpoint.</summary>
internal static class TorchTensors
{
    /// <summary>The tensors by name: those of the root dictionary, of nested ones, and of whole modules.</summary>
    /// <exception cref="WeightsFormatException">There are none.</exception>
    public static Dictionary<string, TorchTensor> Find(object? root)
    {
        var tensors = PickleTree.Leaves<TorchTensor>(root, '.');
        return tensors.Count > 0
            ? tensors
            : throw new WeightsFormatException("it holds no dictionary of tensors; save model.state_dict() instead of the model");
    }

    /// <summary>How a tensor is laid out in its storage.</summary>
    /// <exception cref="WeightsFormatException">It holds no floating-point numbers, overlaps itself, or leaves its storage.</exception>
    public static TensorInfo Describe(TorchTensor tensor, bool bigEndian)
    {
        if (PickleGlobals.Storages[tensor.Storage.Type].Type is not { } type)
            throw new WeightsFormatException(
                $"it has numbers of type '{tensor.Storage.Type}'; expected float16, bfloat16, float32 or float64");
        // From slowest to fastest; axes of size 1 may have any stride and go anywhere.
        var order = Enumerable.Range(0, tensor.Shape.Count)
            .OrderByDescending(axis => tensor.Shape[axis] == 1 ? long.MaxValue : tensor.Strides[axis])
            .ToArray();
        var info = new TensorInfo(type, bigEndian, tensor.Shape, order);
        var expected = 1L;
        foreach (var axis in order.Reverse())
        {
            if (tensor.Shape[axis] != 1 && tensor.Strides[axis] != expected)
                throw new WeightsFormatException("it is a view with gaps; save a contiguous copy");
            expected = checked(expected * tensor.Shape[axis]);
        }
        if (info.Count > tensor.Storage.Count - tensor.Offset) throw new WeightsFormatException("it reaches beyond its storage");
        return info;
    }
}

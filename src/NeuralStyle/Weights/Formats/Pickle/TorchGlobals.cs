namespace NeuralStyle.Weights.Formats.Pickle;

/// <summary>The only names of Python that a weights file may use, and what they mean here.</summary>
internal static class TorchGlobals
{
    private const string OrderedDictionary = "collections.OrderedDict", Parameter = "torch._utils._rebuild_parameter",
        Tensor = "torch._utils._rebuild_tensor", Tensor2 = "torch._utils._rebuild_tensor_v2";

    /// <summary>Bytes per element of torch's storages, and the number format of those that can be weights.</summary>
    public static IReadOnlyDictionary<string, (int Bytes, ElementType? Type)> Storages { get; } = new Dictionary<string, (int, ElementType?)>
    {
        ["FloatStorage"] = (4, ElementType.Float32),
        ["HalfStorage"] = (2, ElementType.Float16),
        ["BFloat16Storage"] = (2, ElementType.BFloat16),
        ["DoubleStorage"] = (8, ElementType.Float64),
        ["LongStorage"] = (8, null),
        ["IntStorage"] = (4, null),
        ["ShortStorage"] = (2, null),
        ["CharStorage"] = (1, null),
        ["ByteStorage"] = (1, null),
        ["BoolStorage"] = (1, null),
    };

    /// <summary>Looks a name up.</summary>
    /// <exception cref="WeightsFormatException">It is none of the few allowed.</exception>
    public static PickleGlobal Resolve(string module, string name)
    {
        var full = $"{module}.{name}";
        if (full is OrderedDictionary or Parameter or Tensor or Tensor2) return new PickleGlobal(full);
        if (module is "torch" or "torch.cuda" && Storages.ContainsKey(name)) return new PickleGlobal(name);
        throw new WeightsFormatException($"its pickle asks for '{LayerNames.Printable(full)}', which weights do not need; refused without running it (save model.state_dict() alone)");
    }

    /// <summary>Makes what the call of an allowed name would make.</summary>
    public static object? Call(PickleGlobal function, PickleTuple arguments) => (function.Name, arguments.Items) switch
    {
        (OrderedDictionary, []) => new PickleDictionary(),
        (OrderedDictionary, [List<object?> pairs]) => FromPairs(pairs),
        (Parameter, [TorchTensor tensor, ..]) => tensor,
        (Tensor or Tensor2, [TorchStorage storage, long offset, PickleTuple shape, PickleTuple strides, ..]) => MakeTensor(storage, offset, shape, strides),
        _ => throw Damaged(),
    };

    /// <summary>The storage behind a persistent id: ('storage', type, key, device, count).</summary>
    public static TorchStorage Storage(object? id)
    {
        if (id is not PickleTuple { Items: ["storage", PickleGlobal type, string key, string, long count, .. var view] }) throw Damaged();
        if (count < 0 || !Storages.ContainsKey(type.Name) || view is not ([] or [null])) throw Damaged(); // views of storages ended with torch 0.3
        return new TorchStorage(type.Name, key, count);
    }

    /// <summary>A key of a dictionary.</summary>
    public static object Key(object? value) => value is string or long ? value : throw Damaged();

    private static PickleDictionary FromPairs(List<object?> pairs)
    {
        var dictionary = new PickleDictionary();
        foreach (var pair in pairs)
        {
            var items = pair switch
            {
                PickleTuple tuple => tuple.Items,
                List<object?> { Count: 2 } list => [.. list],
                _ => throw Damaged(),
            };
            if (items.Length != 2) throw Damaged();
            dictionary[Key(items[0])] = items[1];
        }
        return dictionary;
    }

    private static TorchTensor MakeTensor(TorchStorage storage, long offset, PickleTuple shape, PickleTuple strides)
    {
        const int maximumRank = 8;
        var sizes = shape.Items.Select(item => item is long and >= 0 and <= int.MaxValue ? (int)(long)item : throw Damaged()).ToArray();
        var steps = strides.Items.Select(item => item is long step and >= 0 ? step : throw Damaged()).ToArray();
        if (offset < 0 || sizes.Length != steps.Length || sizes.Length > maximumRank) throw Damaged();
        return new TorchTensor(storage, offset, sizes, steps);
    }

    private static WeightsFormatException Damaged() => new("its pickle is damaged");
}

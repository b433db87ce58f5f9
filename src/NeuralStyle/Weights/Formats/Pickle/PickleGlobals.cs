namespace NeuralStyle.Weights.Formats.Pickle;

/// <summary>The only Python functions that a weights file may call, and their meaning here.</summary>
internal static class PickleGlobals
{
    private static readonly Dictionary<string, Func<object?[], object?>> Functions = new(StringComparer.Ordinal)
    {
        ["collections.OrderedDict"] = arguments => arguments is []
            ? new PickleDictionary()
            : arguments is [List<object?> pairs]
            ? FromPairs(pairs)
            : throw Damaged(),
        ["collections.defaultdict"] = _ => new PickleDictionary(),
        ["builtins.set"] = Nothing,
        ["__builtin__.set"] = Nothing,
        ["torch._utils._rebuild_tensor"] = MakeTensor,
        ["torch._utils._rebuild_tensor_v2"] = MakeTensor,
        ["torch._utils._rebuild_parameter"] = First,
        ["torch.Size"] = First,
        ["torch.device"] = Nothing,
        ["torch.jit._pickle.build_intlist"] = First, // TorchScript's lists
        ["torch.jit._pickle.build_doublelist"] = First,
        ["torch.jit._pickle.build_boollist"] = First,
        ["torch.jit._pickle.build_tensorlist"] = First,
        ["torch.jit._pickle.restore_type_tag"] = First,
        ["numpy.dtype"] = arguments => arguments is [string code, ..] ? new PickleNumberType(code) : throw Damaged(),
        ["numpy.core.multiarray._reconstruct"] = _ => new PickleArray(),
        ["numpy._core.multiarray._reconstruct"] = _ => new PickleArray(),
        ["numpy.core.multiarray.scalar"] = Nothing,
        ["numpy._core.multiarray.scalar"] = Nothing,
        ["_codecs.encode"] = Encode,
    };

    /// <summary>Bytes per element of torch's storages, and the number format of those that can be weights.</summary>
    public static IReadOnlyDictionary<string, (int Bytes, ElementType? Type)> Storages { get; } =
        new Dictionary<string, (int, ElementType?)>
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

    /// <summary>A name. Any name may be the class of an object; whether it may be called is checked at the call.</summary>
    public static PickleGlobal Resolve(string module, string name) =>
        new(module is "torch" or "torch.cuda" && Storages.ContainsKey(name) ? name : $"{module}.{name}");

    /// <summary>Makes the object that the call of an allowed name would return.</summary>
    /// <exception cref="WeightsFormatException">The name is none of the few allowed.</exception>
    public static object? Call(PickleGlobal function, PickleTuple arguments) => Functions.TryGetValue(function.Name, out var call)
        ? call(arguments.Items)
        : throw new WeightsFormatException($"its pickle asks for '{LayerNames.Printable(function.Name)}', which weights do not need; "
            + $"refused without running it (save model.state_dict() alone)");

    /// <summary>Resolves a persistent id: ('storage', type, key, device, count), or ('module', class, file, source).</summary>
    public static object Persistent(object? id)
    {
        if (id is PickleTuple { Items: ["module", PickleGlobal type, ..] }) return type; // old torch kept the source of each class
        if (id is not PickleTuple { Items: ["storage", PickleGlobal number, string key, string, long count, .. var view] }) throw Damaged();
        // views of storages ended with torch 0.3
        if (count < 0 || !Storages.ContainsKey(number.Name) || view is not ([] or [null])) throw Damaged();
        return new TorchStorage(number.Name, key, count);
    }

    /// <summary>A key of a dictionary.</summary>
    public static object Key(object? value) => value is string or long ? value : throw Damaged();

    private static object? First(object?[] arguments) => arguments is [var first, ..] ? first : throw Damaged();

    private static PickleObject Nothing(object?[] arguments) => new();

    // Python 3 writes bytes in protocol 2 as text to be encoded again.
    private static PickleBytes Encode(object?[] arguments) => arguments switch
    {
        [PickleBytes { IsUtf8: true } text, ..] => text,
        [string text, ..] => InlineBytes(text),
        _ => throw Damaged(),
    };

    /// <summary>The bytes of a short text, one per character.</summary>
    public static PickleBytes InlineBytes(string text)
    {
        if (text.Any(c => c > byte.MaxValue)) throw Damaged();
        return new PickleBytes(new MemorySource(System.Text.Encoding.Latin1.GetBytes(text)), 0, text.Length, IsUtf8: false);
    }

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

    private static object? MakeTensor(object?[] arguments)
    {
        const int maximumRank = 8;
        if (arguments is not [TorchStorage storage, long offset, PickleTuple shape, PickleTuple strides, ..]) throw Damaged();
        var sizes = shape.Items.Select(item => item is long and >= 0 and <= int.MaxValue ? (int)(long)item : throw Damaged()).ToArray();
        var steps = strides.Items.Select(item => item is long step and >= 0 ? step : throw Damaged()).ToArray();
        if (offset < 0 || sizes.Length != steps.Length || sizes.Length > maximumRank) throw Damaged();
        return new TorchTensor(storage, offset, sizes, steps);
    }

    private static WeightsFormatException Damaged() => new("its pickle is damaged");
}

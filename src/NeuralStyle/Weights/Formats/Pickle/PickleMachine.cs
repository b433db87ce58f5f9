using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace NeuralStyle.Weights.Formats.Pickle;

/// <summary>
/// A strict interpreter for the pickles in which torch and NumPy keep tensors (Python's pickle protocols 2 to 5). It knows dictionaries,
/// lists, tuples, numbers, strings, objects without behaviour and <see cref="PickleGlobals"/>, and refuses every other instruction and
/// call: nothing is ever executed. Long strings and bytes stay in the file.
/// </summary>
internal sealed class PickleMachine(SourceCursor input)
{
    // A VGG-19 takes about 1,500; a hostile file would make one object of every byte.
    private const int MaximumOperations = 1 << 15;
    private const int MaximumTextBytes = 1 << 10; // names; longer strings are the bytes of arrays

    private readonly List<object?> _stack = [];
    private readonly Stack<int> _marks = new();
    private readonly Dictionary<int, object?> _memo = [];
    private readonly Dictionary<string, TorchStorage> _storages = new(StringComparer.Ordinal);

    /// <summary>All storages that the pickle named.</summary>
    public IReadOnlyDictionary<string, TorchStorage> Storages => _storages;

    /// <summary>Runs one pickle and leaves the cursor after it.</summary>
    /// <exception cref="WeightsFormatException">It is damaged or does something that weights do not need.</exception>
    public object? Run()
    {
        for (var operations = 0; operations < MaximumOperations; operations++)
        {
            var opcode = input.ReadByte();
            if (opcode == '.') return _stack.Count == 1 ? _stack[0] : throw Damaged();
            Step(opcode);
        }
        throw new WeightsFormatException("its pickle is far too long for weights");
    }

    private void Step(byte opcode)
    {
        switch (opcode)
        {
            case 0x80: // PROTO
                if (input.ReadByte() is var version and not (>= 2 and <= 5))
                    throw new WeightsFormatException($"its pickle is of protocol {version}; expected 2 to 5");
                break;
            case (byte)'(': _marks.Push(_stack.Count); break; // MARK
            case (byte)'N': _stack.Add(null); break;
            case 0x88: _stack.Add(true); break;
            case 0x89: _stack.Add(false); break;
            case (byte)'K': _stack.Add((long)input.ReadByte()); break; // BININT1
            case (byte)'M': _stack.Add((long)input.ReadUInt16()); break; // BININT2
            case (byte)'J': _stack.Add((long)input.ReadInt32()); break; // BININT
            case 0x8A: _stack.Add(ReadLong(input.ReadByte())); break; // LONG1
            case (byte)'G': _stack.Add(BinaryPrimitives.ReadDoubleBigEndian(input.ReadBytes(8))); break; // BINFLOAT
            case (byte)'U': _stack.Add(ReadText(input.ReadByte(), Encoding.Latin1)); break; // SHORT_BINSTRING
            case (byte)'T': _stack.Add(ReadText(input.ReadInt32(), Encoding.Latin1)); break; // BINSTRING
            case (byte)'X': _stack.Add(ReadText(input.ReadInt32(), Encoding.UTF8)); break; // BINUNICODE
            case 0x8C: _stack.Add(ReadText(input.ReadByte(), Encoding.UTF8)); break; // SHORT_BINUNICODE
            case 0x8D: _stack.Add(ReadText(input.ReadInt64(), Encoding.UTF8)); break; // BINUNICODE8
            case (byte)'C': _stack.Add(ReadData(input.ReadByte())); break; // SHORT_BINBYTES
            case (byte)'B': _stack.Add(ReadData(input.ReadInt32())); break; // BINBYTES
            case 0x8E: _stack.Add(ReadData(input.ReadInt64())); break; // BINBYTES8
            case (byte)'}': _stack.Add(new PickleDictionary()); break; // EMPTY_DICT
            case (byte)']': _stack.Add(new List<object?>()); break; // EMPTY_LIST
            case (byte)')': _stack.Add(new PickleTuple([])); break; // EMPTY_TUPLE
            case (byte)'t': _stack.Add(new PickleTuple(PopToMark())); break; // TUPLE
            case 0x85: _stack.Add(new PickleTuple([Pop()])); break; // TUPLE1
            case 0x86: _stack.Add(new PickleTuple(PopMany(2))); break; // TUPLE2
            case 0x87: _stack.Add(new PickleTuple(PopMany(3))); break; // TUPLE3
            case (byte)'s': SetItems(PopMany(2)); break; // SETITEM
            case (byte)'u': SetItems(PopToMark()); break; // SETITEMS
            case (byte)'a': Append(PopMany(1)); break; // APPEND
            case (byte)'e': Append(PopToMark()); break; // APPENDS
            case (byte)'q': _memo[input.ReadByte()] = Top<object>(); break; // BINPUT
            case (byte)'r': _memo[input.ReadInt32()] = Top<object>(); break; // LONG_BINPUT
            case (byte)'h': _stack.Add(Recall(input.ReadByte())); break; // BINGET
            case (byte)'j': _stack.Add(Recall(input.ReadInt32())); break; // LONG_BINGET
            case (byte)'c': _stack.Add(PickleGlobals.Resolve(ReadLine(), ReadLine())); break; // GLOBAL
            case 0x93: ResolveFromStack(); break; // STACK_GLOBAL
            case 0x94: _memo[_memo.Count] = Top<object>(); break; // MEMOIZE
            case 0x95: input.Skip(sizeof(long)); break; // FRAME
            case 0x81: MakeObject(); break; // NEWOBJ
            case (byte)'R': Reduce(); break; // REDUCE
            case (byte)'Q': AddStorage(); break; // BINPERSID
            case (byte)'b': Build(); break; // BUILD
            default: throw new WeightsFormatException(string.Create(CultureInfo.InvariantCulture,
                $"its pickle has the instruction 0x{opcode:X2}, which weights do not need; refused"));
        }
    }

    private void AddStorage()
    {
        var value = PickleGlobals.Persistent(Pop());
        if (value is TorchStorage storage) _storages[storage.Key] = storage;
        _stack.Add(value);
    }

    private void ResolveFromStack()
    {
        var name = PopMany(2);
        _stack.Add(PickleGlobals.Resolve(name[0] as string ?? throw Damaged(), name[1] as string ?? throw Damaged()));
    }

    // Calling a class this way gives an object without behaviour. Python's dictionaries have their own instructions for their contents.
    private void MakeObject()
    {
        if (PopMany(2) is not [PickleGlobal type, PickleTuple]) throw Damaged();
        _stack.Add(type.Name == "collections.OrderedDict" ? new PickleDictionary() : new PickleObject());
    }

    private void Reduce()
    {
        var arguments = Pop();
        var function = Pop();
        _stack.Add(PickleGlobals.Call(function as PickleGlobal ?? throw Damaged(), arguments as PickleTuple ?? throw Damaged()));
    }

    private void Build()
    {
        var state = Pop();
        PickleState.Apply(Top<object>(), state);
    }

    private void SetItems(object?[] items)
    {
        var dictionary = Top<PickleDictionary>();
        if (items.Length % 2 != 0) throw Damaged();
        for (var i = 0; i < items.Length; i += 2) dictionary[PickleGlobals.Key(items[i])] = items[i + 1];
    }

    private void Append(object?[] items) => Top<List<object?>>().AddRange(items);

    private object? Pop() => PopMany(1)[0];

    private object?[] PopMany(int count)
    {
        if (_stack.Count - count < (_marks.Count > 0 ? _marks.Peek() : 0)) throw Damaged();
        var items = _stack[^count..].ToArray();
        _stack.RemoveRange(_stack.Count - count, count);
        return items;
    }

    private object?[] PopToMark()
    {
        if (_marks.Count == 0) throw Damaged();
        var items = PopMany(_stack.Count - _marks.Peek());
        _marks.Pop();
        return items;
    }

    private T Top<T>() => _stack.Count > 0 && _stack[^1] is T value ? value : throw Damaged();

    private object? Recall(int index) => _memo.TryGetValue(index, out var value) ? value : throw Damaged();

    private object ReadLong(int length)
    {
        if (length > 16) throw Damaged();
        var value = new System.Numerics.BigInteger(input.ReadBytes(length));
        return value >= long.MinValue && value <= long.MaxValue ? (long)value : value;
    }

    private object ReadText(long length, Encoding encoding) => length is >= 0 and <= MaximumTextBytes
        ? encoding.GetString(input.ReadBytes((int)length))
        : ReadData(length) with { IsUtf8 = encoding == Encoding.UTF8 };

    private PickleBytes ReadData(long length) => new(input.Source, input.Skip(length), length, IsUtf8: false);

    private string ReadLine()
    {
        var line = new StringBuilder();
        for (var c = input.ReadByte(); c != '\n'; c = input.ReadByte())
        {
            if (line.Length == 128) throw Damaged();
            line.Append((char)c);
        }
        return line.ToString();
    }

    private static WeightsFormatException Damaged() => new("its pickle is damaged");
}

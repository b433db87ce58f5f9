namespace NeuralStyle.Weights.Formats.Pickle;

/// <summary>The instruction BUILD: restores the saved state of an object.</summary>
internal static class PickleState
{
    private const int MaximumRank = 8;

    /// <summary>Applies a state.</summary>
    /// <exception cref="WeightsFormatException">The state does not fit the object.</exception>
    public static void Apply(object? target, object? state)
    {
        switch (target)
        {
            case PickleDictionary when state is PickleDictionary: break; // version numbers of a state dictionary: not needed
            case PickleObject item when state is PickleDictionary attributes: item.Attributes = attributes; break;
            // and slots
            case PickleObject item
                when state is PickleTuple { Items: [PickleDictionary attributes, ..] }: item.Attributes = attributes; break;
            case PickleObject when state is PickleTuple or null: break;
            case PickleNumberType type when state is PickleTuple { Items: [long, string order, ..] }: type.ByteOrder = order; break;
            case PickleArray array
                when state is PickleTuple { Items: [long, PickleTuple shape, PickleNumberType type, bool fortran, var data] }: Fill(array,
                    shape, type, fortran, data); break;
            default: throw Damaged();
        }
    }

    private static void Fill(PickleArray array, PickleTuple shape, PickleNumberType type, bool fortran, object? data)
    {
        if (shape.Items.Length > MaximumRank) throw Damaged();
        array.Shape = shape.Items.Select(item => item is long and >= 0 and <= int.MaxValue ? (int)(long)item : throw Damaged()).ToArray();
        (array.Type, array.IsFortran) = (type, fortran);
        array.Data = data switch
        {
            PickleBytes bytes => bytes,
            string text => PickleGlobals.InlineBytes(text), // Python 2
            List<object?> => null,
            _ => throw Damaged(),
        };
        array.Items = data as List<object?>;
    }

    private static WeightsFormatException Damaged() => new("its pickle is damaged");
}

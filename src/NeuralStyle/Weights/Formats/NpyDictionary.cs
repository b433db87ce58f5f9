using System.Globalization;

namespace NeuralStyle.Weights.Formats;

/// <summary>
/// Parses the one Python literal that NumPy writes into headers:
/// <c>{'descr': '&lt;f4', 'fortran_order': False, 'shape': (3, 3, 64, 64), }</c>. Anything else is refused.
/// </summary>
internal ref struct NpyDictionary
{
    private const int MaximumRank = 8;

    private readonly ReadOnlySpan<char> _text;
    private int _at;

    private NpyDictionary(ReadOnlySpan<char> text) => _text = text;

    public static NpyHeader Parse(string text)
    {
        var parser = new NpyDictionary(text);
        string? descr = null;
        bool? fortran = null;
        int[]? shape = null;
        parser.Expect('{');
        while (!parser.Skip('}'))
        {
            var key = parser.ReadString();
            parser.Expect(':');
            switch (key)
            {
                case "descr" when descr is null: descr = parser.ReadString(); break;
                case "fortran_order" when fortran is null: fortran = parser.ReadBoolean(); break;
                case "shape" when shape is null: shape = parser.ReadShape(); break;
                default: throw Damaged();
            }
            if (!parser.Skip(',') && parser.Peek() != '}') throw Damaged();
        }
        if (parser.Peek() != '\0' || descr is null || fortran is null || shape is null) throw Damaged();
        return new NpyHeader(descr, fortran.Value, shape);
    }

    private char Peek()
    {
        while (_at < _text.Length && char.IsWhiteSpace(_text[_at])) _at++;
        return _at < _text.Length ? _text[_at] : '\0';
    }

    private bool Skip(char expected)
    {
        if (Peek() != expected) return false;
        _at++;
        return true;
    }

    private void Expect(char expected)
    {
        if (!Skip(expected)) throw Damaged();
    }

    private string ReadString()
    {
        var quote = Peek();
        if (quote is not ('\'' or '"'))
            throw new WeightsFormatException("it is a structured or damaged .npy array; expected plain floating-point numbers");
        var length = _text[(_at + 1)..].IndexOf(quote);
        if (length < 0) throw Damaged();
        var value = _text.Slice(_at + 1, length).ToString();
        _at += length + 2;
        return value;
    }

    private bool ReadBoolean()
    {
        Peek();
        var value = _text[_at..].StartsWith("True");
        if (!value && !_text[_at..].StartsWith("False")) throw Damaged();
        _at += value ? 4 : 5;
        return value;
    }

    private int[] ReadShape()
    {
        List<int> sizes = [];
        Expect('(');
        while (!Skip(')'))
        {
            Peek();
            var length = _text[_at..].IndexOfAnyExceptInRange('0', '9');
            if (length <= 0 || sizes.Count == MaximumRank
                || !int.TryParse(_text.Slice(_at, length), NumberStyles.None, CultureInfo.InvariantCulture, out var size))
                throw Damaged();
            sizes.Add(size);
            _at += length;
            Skip('L'); // NumPy under Python 2 wrote long integers
            if (!Skip(',') && Peek() != ')') throw Damaged();
        }
        return [.. sizes];
    }

    private static WeightsFormatException Damaged() => new("its .npy header is damaged");
}

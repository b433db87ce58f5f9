using System.Globalization;
using System.Runtime.InteropServices;
using NetVips;

namespace NeuralStyle.Imaging;

/// <summary>
/// The smallest and largest value of a picture whose format does not say what white is: floating point, signed and 32-bit whole
/// numbers. Found in one streaming pass.
/// </summary>
/// <param name="Least">Smallest value.</param>
/// <param name="Most">Largest value.</param>
/// <param name="Finite">False when there are values that are infinite or not numbers.</param>
internal readonly record struct SampleRange(double Least, double Most, bool Finite)
{
    private const double Overshoot = 1.5; // resizing in linear light or with a sharp kernel leaves values a little above white
    private const double LeastOf255 = 16; // values in between leave open whether white is 1 or 255
    private const double LeastShare = 0.25; // of deeper ranges: what lies below may be 10, 12 or 14 bits, and would come out black

    /// <summary>Looks at every value.</summary>
    /// <exception cref="VipsException">The picture cannot be read to its end.</exception>
    public static SampleRange Of(Image image)
    {
        var (least, most, finite) = (double.PositiveInfinity, double.NegativeInfinity, true);
        var carried = new byte[sizeof(float)];
        var held = 0;
        using var values = image.Cast(Enums.BandFormat.Float);
        using var target = new TargetCustom();
        target.OnWrite += (buffer, length) =>
        {
            var bytes = buffer.AsSpan(0, length);
            while (held > 0 && bytes.Length > 0) // a value split between two buffers
            {
                carried[held++] = bytes[0];
                bytes = bytes[1..];
                if (held < carried.Length) continue;
                Take(MemoryMarshal.Cast<byte, float>(carried));
                held = 0;
            }
            var whole = MemoryMarshal.Cast<byte, float>(bytes);
            Take(whole);
            var rest = bytes[(whole.Length * sizeof(float))..];
            rest.CopyTo(carried.AsSpan(held));
            held += rest.Length;
            return length;
        };
        values.RawsaveTarget(target, keep: Enums.ForeignKeep.None);
        return new SampleRange(least, most, finite);

        void Take(ReadOnlySpan<float> samples)
        {
            foreach (var sample in samples)
            {
                if (!float.IsFinite(sample)) finite = false;
                if (sample < least) least = sample;
                if (sample > most) most = sample;
            }
        }
    }

    /// <summary>The value of white. docs/pictures.md says the same in words.</summary>
    /// <exception cref="InvalidInputException">The values fit no usual range.</exception>
    public double White(Enums.BandFormat format, string name)
    {
        if (!Finite)
            throw new InvalidInputException($"'{name}' holds values that are infinite or not numbers; expected a picture of finite values");
        if (format is Enums.BandFormat.Float)
        {
            var white = Most switch
            {
                <= Overshoot => 1.0,
                >= LeastOf255 and <= 255 * 1.02 => 255,
                >= 65535 * LeastShare and <= 65535 * 1.02 => 65535,
                _ => throw Odd(name, "1, to 255 or to 65535"),
            };
            return Least >= -0.5 * white ? white : throw Odd(name, "1, to 255 or to 65535");
        }
        double[] whites = format switch
        {
            Enums.BandFormat.Char => [sbyte.MaxValue],
            Enums.BandFormat.Short => [255, short.MaxValue],
            Enums.BandFormat.Int => [255, 65535, int.MaxValue],
            _ => [255, 65535, uint.MaxValue],
        };
        if (Least == 0 && Most == 0) return whites[^1];
        var most = Most;
        var fitting = Array.Find(whites, white => most <= white * 1.0001 && most >= (white > 255 ? white * LeastShare : LeastOf255));
        return Least >= 0 && fitting > 0 ? fitting
            : throw Odd(name, string.Join(" or to ", whites.Select(white => white.ToString("F0", CultureInfo.InvariantCulture))));
    }

    private InvalidInputException Odd(string name, string expected) => new(string.Create(CultureInfo.InvariantCulture,
        $"'{name}' holds values from {Least:G5} to {Most:G5}; expected 0 to {expected}; save it with 8 or 16 bits per channel"));
}

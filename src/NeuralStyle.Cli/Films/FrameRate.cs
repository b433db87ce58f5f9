using System.Globalization;

namespace NeuralStyle.Cli.Films;

/// <summary>Frames per second as a fraction: 30000/1001 is not 29.97.</summary>
/// <param name="Frames">Number of frames.</param>
/// <param name="Seconds">In so many seconds.</param>
internal readonly record struct FrameRate(long Frames, long Seconds)
{
    private const double Slowest = 0.01, Fastest = 1000;

    /// <summary>For frames that come without a rate.</summary>
    public static FrameRate Usual { get; } = new(25, 1);

    /// <summary>Frames per second.</summary>
    public double PerSecond => (double)Frames / Seconds;

    /// <summary>Reads <c>24</c>, <c>23.976</c> or <c>24000/1001</c>.</summary>
    /// <exception cref="InvalidInputException">Not a rate.</exception>
    public static FrameRate Parse(string option, string text)
    {
        var rate = TryParse(text);
        if (rate is null && decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value))
        {
            // what is written as 23.976 or 29.97 is 24000/1001 or 30000/1001
            var whole = Math.Ceiling(value);
            rate = Math.Abs(whole * 1000 / 1001 - value) < 0.005m && value != whole
                ? new FrameRate((long)whole * 1000, 1001)
                : new FrameRate((long)Math.Round(value * 1000), 1000);
        }
        return rate is { PerSecond: >= Slowest and <= Fastest } known
            ? known
            : throw new InvalidInputException($"{option} '{text}' is not a frame rate; expected for instance 24 or 30000/1001");
    }

    /// <summary>Reads ffprobe's fractions; null where it does not know.</summary>
    public static FrameRate? TryParse(string? text)
    {
        var parts = (text ?? "").Split('/');
        var seconds = 1L;
        if (parts.Length > 2 || !long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var frames)
            || (parts.Length == 2 && !long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out seconds))) return null;
        return frames > 0 && seconds > 0 ? new FrameRate(frames, seconds) : null;
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Frames}/{Seconds}");
}

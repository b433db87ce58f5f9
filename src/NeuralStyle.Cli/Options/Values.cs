using System.Globalization;

namespace NeuralStyle.Cli.Options;

/// <summary>Reads numbers from option values, independent of the locale.</summary>
internal static class Values
{
    public static int Whole(string option, string text) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw new InvalidInputException($"{option} '{text}' is not a whole number");

    public static long Long(string option, string text) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw new InvalidInputException($"{option} '{text}' is not a whole number");

    public static double Number(string option, string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value)
            ? value
            : throw new InvalidInputException($"{option} '{text}' is not a number; write a decimal point, for instance 0.5");

    public static IReadOnlyList<double> Numbers(string option, string text) =>
        text.Split(',', StringSplitOptions.TrimEntries).Select(part => Number(option, part)).ToArray();

    public static string Join(IEnumerable<double> values) =>
        string.Join(',', values.Select(value => value.ToString("0.####", CultureInfo.InvariantCulture)));

    public static int InRange(string option, string text, int least, int most)
    {
        var value = Whole(option, text);
        return value >= least && value <= most
            ? value
            : throw new InvalidInputException(
                string.Create(CultureInfo.InvariantCulture, $"{option} is {value}; expected a whole number from {least} to {most}"));
    }
}

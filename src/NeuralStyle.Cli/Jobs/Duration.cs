using System.Globalization;

namespace NeuralStyle.Cli.Jobs;

/// <summary>Times as text.</summary>
internal static class Duration
{
    /// <summary>Always with hours: <c>0:01:05</c>.</summary>
    public static string Hours(TimeSpan time) =>
        string.Create(CultureInfo.InvariantCulture, $"{(long)time.TotalHours}:{time.Minutes:00}:{time.Seconds:00}");

    /// <summary>With hours if there are any: <c>1:05</c>, <c>2:01:05</c>.</summary>
    public static string Minutes(TimeSpan time) =>
        time.TotalHours >= 1 ? Hours(time) : string.Create(CultureInfo.InvariantCulture, $"{time.Minutes}:{time.Seconds:00}");

    /// <summary>With a unit: <c>12.3 s</c>, <c>1:05 min</c>, <c>2:01:05 h</c>.</summary>
    public static string WithUnit(double seconds)
    {
        if (seconds < 60) return string.Create(CultureInfo.InvariantCulture, $"{seconds:0.#} s");
        var time = TimeSpan.FromSeconds(Math.Round(seconds));
        return $"{Minutes(time)} {(time.TotalHours < 1 ? "min" : "h")}";
    }
}

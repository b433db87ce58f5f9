using System.Diagnostics;
using System.Globalization;

namespace NeuralStyle.Tests.Infra;

/// <summary>
/// What an action needs in memory, measured in a process of its own: in that of the tests, memory that earlier tests have left behind
/// would be used again and not be seen. The process is this test assembly, told to run one explicit test.
/// </summary>
internal static class PeakMemory
{
    private const string Told = "NST_TEST_PEAK"; // the file that the process writes its answer to

    /// <summary>Runs an explicit test elsewhere.</summary>
    /// <param name="type">The class of the test.</param>
    /// <param name="method">Its name; it calls <see cref="Tell"/>.</param>
    /// <param name="folder">What it is given as <see cref="Folder"/>.</param>
    /// <returns>In bytes, above what was there before the action.</returns>
    public static long Of(Type type, string method, string folder)
    {
        var answer = Path.Combine(folder, "peak.txt");
        var start = new ProcessStartInfo("dotnet") { WorkingDirectory = folder, RedirectStandardOutput = true };
        foreach (var argument in (string[])[type.Assembly.Location, "-method", $"{type.FullName}.{method}", "-explicit", "only"])
            start.ArgumentList.Add(argument);
        start.Environment[Told] = answer;
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return File.Exists(answer)
            ? long.Parse(File.ReadAllText(answer), CultureInfo.InvariantCulture)
            : throw new InvalidOperationException(output);
    }

    /// <summary>In the process of its own: the folder with the files.</summary>
    public static string Folder =>
        Path.GetDirectoryName(Environment.GetEnvironmentVariable(Told))
            ?? throw new InvalidOperationException($"only {nameof(PeakMemory)}.{nameof(Of)} runs this");

    /// <summary>In the process of its own: measures and answers.</summary>
    public static void Tell(Action action)
    {
        File.WriteAllText("/proc/self/clear_refs", "5"); // the peak starts again
        var before = Kilobytes("VmRSS");
        action();
        File.WriteAllText(Environment.GetEnvironmentVariable(Told)!, ((Kilobytes("VmHWM") - before) * 1024)
            .ToString(CultureInfo.InvariantCulture));
    }

    private static long Kilobytes(string name) =>
        long.Parse(File.ReadLines("/proc/self/status").First(line =>
            line.StartsWith(name, StringComparison.Ordinal)).Split(':')[1].Replace("kB", "").Trim(), CultureInfo.InvariantCulture);
}

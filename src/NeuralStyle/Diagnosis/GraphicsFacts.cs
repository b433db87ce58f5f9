using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace NeuralStyle.Diagnosis;

/// <summary>A graphics processor that NVIDIA's driver knows.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Driver">Version of the driver.</param>
/// <param name="Memory">In bytes.</param>
internal sealed record GraphicsFacts(string Name, string Driver, long Memory)
{
    /// <summary>All of them, from the driver's <c>nvidia-smi</c>; null if there is no such driver.</summary>
    public static IReadOnlyList<GraphicsFacts>? Read()
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo("nvidia-smi",
                ["--query-gpu=name,driver_version,memory.total", "--format=csv,noheader,nounits"])
            { RedirectStandardOutput = true, RedirectStandardError = true })!;
            process.ErrorDataReceived += (_, _) => { };
            process.BeginErrorReadLine(); // so that it never waits for us
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0 ? Parse(output) : null;
        }
        catch (Win32Exception)
        {
            return null; // not installed
        }
    }

    /// <summary>Reads the table of nvidia-smi.</summary>
    internal static IReadOnlyList<GraphicsFacts> Parse(string table) => table.Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Select(line => line.Split(',', StringSplitOptions.TrimEntries))
        .Where(cells => cells.Length == 3)
        .Select(cells => new GraphicsFacts(cells[0], cells[1],
            double.TryParse(cells[2], CultureInfo.InvariantCulture, out var mebibytes) ? (long)(mebibytes * (1 << 20)) : 0))
        .ToArray();
}

using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;
using NeuralStyle.Cli.Jobs;
using NeuralStyle.Runs;

namespace NeuralStyle.Cli.Doctor;

/// <summary>
/// Asks a second process of this program, because a native library that does not fit the machine may end the process that loads it.
/// </summary>
internal static class ProbeProcess
{
    private const int MostLines = 4;

    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2); // libtorch from a slow disk

    /// <summary>The answer of <c>nst doctor probe PART</c>.</summary>
    /// <param name="part">The part.</param>
    /// <param name="failed">Makes an answer of the reason why there is none.</param>
    public static async Task<T> Ask<T>(string part, Func<string, T> failed)
    {
        var start = Self();
        foreach (var argument in (string[])["doctor", "probe", part]) start.ArgumentList.Add(argument);
        try
        {
            using var process = Process.Start(start)!;
            using var patience = new CancellationTokenSource(s_patience);
            var (output, error) = (process.StandardOutput.ReadToEndAsync(CancellationToken.None),
                process.StandardError.ReadToEndAsync(CancellationToken.None));
            try
            {
                await process.WaitForExitAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                process.Kill(entireProcessTree: true);
                return failed($"it does not answer within {s_patience.TotalSeconds:0} seconds");
            }
            if (process.ExitCode == ExitCodes.Done) return JsonSerializer.Deserialize<T>(await output, RunRecord.Json)!;
            var ended = $"it ends the process that loads it (exit code {process.ExitCode})";
            return failed(Words(await error) is { Length: > 0 } words ? $"{ended}: {Printable.Of(words)}" : ended);
        }
        catch (Exception failure) when (failure is Win32Exception or JsonException)
        {
            return failed($"it could not be tried in a process of its own: {failure.Message}");
        }
    }

    /// <summary>What a process said before it ended, without the stack of calls.</summary>
    private static string Words(string error) => string.Join(' ',
        error.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .TakeWhile(line => !line.StartsWith("at ", StringComparison.Ordinal))
            .Take(MostLines));

    /// <summary>This program: as itself, or through <c>dotnet</c>.</summary>
    private static ProcessStartInfo Self()
    {
        const string host = "dotnet";
        var running = Environment.ProcessPath;
        var name = Path.GetFileNameWithoutExtension(running);
        var start = new ProcessStartInfo
        {
            FileName = name is "nst" or host ? running! : host,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (name != "nst") start.ArgumentList.Add(typeof(ProbeProcess).Assembly.Location);
        return start;
    }
}

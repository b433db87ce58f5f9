using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace NeuralStyle.Cli.Films;

/// <summary>What a program of ffmpeg answered.</summary>
internal sealed record FfmpegAnswer(int Code, string Output, string Error)
{
    /// <summary>The last line of its messages, which says what is wrong.</summary>
    public string Reason => Error.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).LastOrDefault()
        ?? $"exit code {Code}";
}

/// <summary>Runs the programs <c>ffmpeg</c> and <c>ffprobe</c> of the system.</summary>
internal static class Ffmpeg
{
    private const int Stopped = 255; // the exit code after a signal

    /// <summary>Fails where a program is missing.</summary>
    /// <exception cref="RunFailedException">It cannot be started; the message says how to install it.</exception>
    public static void Require()
    {
        foreach (var program in (string[])["ffmpeg", "ffprobe"])
        {
            using var process = Start(program, ["-version"], readsOutput: true);
            process.StandardOutput.ReadToEnd();
            process.WaitForExit();
        }
    }

    /// <summary>Whether it has an encoder.</summary>
    public static bool HasEncoder(string name) => Run("ffmpeg", ["-hide_banner", "-encoders"]).Output
        .Split('\n').Any(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [_, var known, ..] && known == name);

    /// <summary>Runs a program to its end.</summary>
    /// <param name="program"><c>ffmpeg</c> or <c>ffprobe</c>.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <exception cref="OperationCanceledException">Asked for.</exception>
    public static FfmpegAnswer Run(string program, IEnumerable<string> arguments, CancellationToken cancellation = default)
    {
        using var process = Start(program, arguments, readsOutput: true);
        using var killed = cancellation.Register(() => Kill(process));
        var errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        ThrowIfStopped(process, cancellation);
        return new FfmpegAnswer(process.ExitCode, output, errors.GetAwaiter().GetResult());
    }

    /// <summary>Starts a program.</summary>
    /// <param name="program"><c>ffmpeg</c> or <c>ffprobe</c>.</param>
    /// <param name="arguments">Its arguments; file names among them as <see cref="Name"/> writes them.</param>
    /// <param name="readsOutput">Whether the caller reads its output.</param>
    /// <exception cref="RunFailedException">It is not installed.</exception>
    public static Process Start(string program, IEnumerable<string> arguments, bool readsOutput)
    {
        var start = new ProcessStartInfo(program)
        {
            RedirectStandardOutput = readsOutput,
            RedirectStandardError = true,
            StandardErrorEncoding = Encoding.UTF8,
            UseShellExecute = false,
        };
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception failure)
        {
            throw new RunFailedException($"films need the program {program}, which is not installed or not in PATH; install it: "
                + Installation, failure);
        }
    }

    /// <summary>A file's name as ffmpeg takes it for a file, whatever it begins with or looks like.</summary>
    public static string Name(string path) => "file:" + path;

    /// <summary>Ends a program at once.</summary>
    public static void Kill(Process process)
    {
        try
        {
            process.Kill();
        }
        catch (Exception failure) when (failure is InvalidOperationException or Win32Exception)
        {
            // it has ended by itself
        }
    }

    /// <summary>Ctrl-C in a terminal ends ffmpeg too, and what it wrote is then not a whole film.</summary>
    public static void ThrowIfStopped(Process process, CancellationToken cancellation)
    {
        // the signal may reach ffmpeg before us
        if (process.ExitCode == Stopped && cancellation.CanBeCanceled) cancellation.WaitHandle.WaitOne(TimeSpan.FromSeconds(1));
        cancellation.ThrowIfCancellationRequested();
    }

    /// <summary>The command that installs it.</summary>
    public static string Installation =>
        OperatingSystem.IsWindows() ? "winget install ffmpeg"
        : OperatingSystem.IsMacOS() ? "brew install ffmpeg"
        : "sudo apt install ffmpeg";
}

using System.Runtime.InteropServices;
using NeuralStyle.Runtime;

namespace NeuralStyle.Cli.Jobs;

/// <summary>
/// Ctrl-C and SIGTERM: the first signal asks the run to end with the picture so far, the second ends the program at once.
/// </summary>
internal sealed class Interruption : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly string _message;
    private readonly int _terminated;
    private int _signals;
    private readonly List<PosixSignalRegistration> _registrations = [];

    /// <param name="error">Receives a line at the first signal.</param>
    /// <param name="message">The line.</param>
    /// <param name="terminated">The exit code for SIGTERM.</param>
    public Interruption(TextWriter error,
        string message = "stopping after this iteration and saving the picture; press Ctrl-C again to stop now",
        int terminated = ExitCodes.Terminated)
    {
        _message = message;
        _terminated = terminated;
        foreach (var signal in (PosixSignal[])[PosixSignal.SIGINT, PosixSignal.SIGTERM])
            _registrations.Add(PosixSignalRegistration.Create(signal, context => Handle(context, error)));
    }

    /// <summary>Cancelled at the first signal.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>The exit code for the signal that came; null if none came.</summary>
    public int? ExitCode { get; private set; }

    /// <summary>Has the same effect as Ctrl-C.</summary>
    public void Stop()
    {
        ExitCode ??= ExitCodes.Interrupted;
        _source.Cancel();
    }

    public void Dispose()
    {
        foreach (var registration in _registrations) registration.Dispose();
        _source.Dispose();
    }

    private void Handle(PosixSignalContext context, TextWriter error)
    {
        var code = context.Signal == PosixSignal.SIGTERM ? _terminated : ExitCodes.Interrupted;
        context.Cancel = true; // we end by ourselves, with the picture saved
        if (Interlocked.Exchange(ref _signals, 1) != 0)
        {
            RestoreCursor();
            ImmediateExit.With(code);
        }
        ExitCode = code;
        ErrorLine.Warn(error, _message);
        _source.Cancel();
    }

    /// <summary>The progress bar hides it.</summary>
    private static void RestoreCursor()
    {
        if (Console.IsErrorRedirected || OperatingSystem.IsWindows()) return;
        try
        {
            using var terminal = Console.OpenStandardError(); // past the writer, which another thread may hold
            terminal.Write("\e[?25h\n"u8);
        }
        catch (IOException)
        {
            // the terminal is gone
        }
    }
}

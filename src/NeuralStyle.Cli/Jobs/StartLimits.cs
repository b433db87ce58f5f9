using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using NeuralStyle.Runtime;
using NeuralStyle.Runtime.Native;

namespace NeuralStyle.Cli.Jobs;

/// <summary>
/// A limit of open files or threads below what the program needs ends it at once, with the reason. This comes before anything else: where
/// even .NET's own parts cannot be opened, or its threads cannot start, messages fail too.
/// </summary>
internal static class StartLimits
{
    private const ulong Ample = 1024; // nobody has so many threads that fewer than nst needs are left, and a trial would be wasted

    [ModuleInitializer]
    internal static void Check()
    {
        if (ProcessLimits.Files is { } files && files < ProcessLimits.LeastFiles)
        {
            End(string.Create(CultureInfo.InvariantCulture, $"only {files} files may be open at once here (ulimit -n); nst needs "
                + $"{ProcessLimits.LeastFiles} or more; raise the limit, for instance: ulimit -n 1024"));
        }
        if (ProcessLimits.Processes is { } processes and < Ample && !CanStartThreads())
        {
            End(string.Create(CultureInfo.InvariantCulture, $"only {processes} processes and threads of this user may run at once here "
                + $"(ulimit -u), and too few are left for nst, which needs {ProcessLimits.LeastThreads} or more; raise the limit, for "
                + $"instance: ulimit -u 1024"));
        }
    }

    /// <summary>Tries it: the limit counts the user's other programs too, and does not bind root.</summary>
    private static bool CanStartThreads()
    {
        using var done = new ManualResetEventSlim();
        var started = new List<Thread>();
        try
        {
            using var self = Process.GetCurrentProcess();
            for (var count = self.Threads.Count; count < ProcessLimits.LeastThreads; count++)
            {
                var thread = new Thread(done.Wait, maxStackSize: 1 << 16) { IsBackground = true };
                thread.Start();
                started.Add(thread);
            }
            return true;
        }
        catch (Exception failure) when (failure is OutOfMemoryException or ThreadStartException)
        {
            return false;
        }
        finally
        {
            done.Set();
            foreach (var thread in started) thread.Join();
        }
    }

    private static void End(string reason) => ImmediateExit.With(ExitCodes.Failed, "nst: error: " + reason);
}

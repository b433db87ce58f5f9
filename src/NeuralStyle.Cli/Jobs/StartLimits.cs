using System.Globalization;
using System.Runtime.CompilerServices;
using NeuralStyle.Runtime;
using NeuralStyle.Runtime.Native;

namespace NeuralStyle.Cli.Jobs;

/// <summary>
/// A limit of open files below what the program needs ends it at once, with the reason. This comes before anything else: where even .NET's
/// own parts cannot be opened, messages fail too.
/// </summary>
internal static class FileLimit
{
    [ModuleInitializer]
    internal static void Check()
    {
        if (ProcessLimits.Files is not { } files || files >= ProcessLimits.LeastFiles) return;
        ImmediateExit.With(ExitCodes.Failed, string.Create(CultureInfo.InvariantCulture,
            $"nst: error: only {files} files may be open at once here (ulimit -n); nst needs {ProcessLimits.LeastFiles} or more; "
                + $"raise the limit, for instance: ulimit -n 1024"));
    }
}

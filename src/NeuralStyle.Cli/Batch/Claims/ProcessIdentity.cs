using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace NeuralStyle.Cli.Batch.Claims;

/// <summary>Tells a process from every other, on this machine and elsewhere, before and after a restart.</summary>
/// <param name="Host">The machine's name.</param>
/// <param name="Boot">Changes with every start of the machine; empty where the system does not tell.</param>
/// <param name="Namespace">The process namespace, so that containers on one machine are not taken for each other; empty where there is none.</param>
/// <param name="Pid">The process number.</param>
/// <param name="Started">When the process began, in the system's own units: process numbers are used again.</param>
internal sealed record ProcessIdentity(string Host, string Boot, string Namespace, int Pid, string Started)
{
    /// <summary>This process.</summary>
    public static ProcessIdentity Current { get; } = new(Environment.MachineName, ReadBoot(), ReadNamespace(), Environment.ProcessId, StartOf(Environment.ProcessId) ?? "");

    /// <summary>Whether the process lives; null when it is on another machine, so that nobody here can tell.</summary>
    public bool? IsAlive()
    {
        if ((Host, Boot, Namespace) != (Current.Host, Current.Boot, Current.Namespace)) return null;
        return StartOf(Pid) == Started;
    }

    /// <summary>One line of JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(this);

    /// <summary>Reads what <see cref="ToJson"/> wrote; null for anything else.</summary>
    public static ProcessIdentity? TryParse(string text)
    {
        try
        {
            return JsonSerializer.Deserialize<ProcessIdentity>(text);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string ReadBoot() => OperatingSystem.IsLinux() && File.Exists("/proc/sys/kernel/random/boot_id") ? File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim() : "";

    private static string ReadNamespace() => OperatingSystem.IsLinux() ? new FileInfo("/proc/self/ns/pid").LinkTarget ?? "" : "";

    /// <summary>Null when there is no such process, or it is dead and only waits to be collected.</summary>
    private static string? StartOf(int pid)
    {
        try
        {
            if (OperatingSystem.IsLinux())
            {
                var status = File.ReadAllText($"/proc/{pid}/stat");
                var fields = status[(status.LastIndexOf(')') + 2)..].Split(' '); // from the third field, the state
                return fields[0] is "Z" or "X" ? null : fields[19];
            }
            using var process = Process.GetProcessById(pid);
            return process.StartTime.ToUniversalTime().Ticks.ToString(CultureInfo.InvariantCulture);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException or InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}

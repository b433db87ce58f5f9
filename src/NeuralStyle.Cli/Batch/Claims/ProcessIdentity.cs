using System.Text.Json;
using NeuralStyle.Runtime.Files;

namespace NeuralStyle.Cli.Batch.Claims;

/// <summary>Identifies a process among all others, on this machine and elsewhere, before and after a restart.</summary>
/// <param name="Host">The machine's name.</param>
/// <param name="Boot">Changes with every start of the machine; empty if the system does not say.</param>
/// <param name="Namespace">The process namespace, which distinguishes containers on one machine; empty if there is
/// none.</param>
/// <param name="Pid">The process number.</param>
/// <param name="Started">The start time of the process, in the system's own units: process numbers are reused.</param>
internal sealed record ProcessIdentity(string Host, string Boot, string Namespace, int Pid, string Started)
{
    private const string BootFile = "/proc/sys/kernel/random/boot_id", NamespaceLink = "/proc/self/ns/pid";

    // case-insensitive: older claims have capitals
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web);

    /// <summary>This process.</summary>
    public static ProcessIdentity Current { get; } = new(Environment.MachineName, ReadBoot(), ReadNamespace(), Environment.ProcessId,
        LiveProcess.Find(Environment.ProcessId)?.Mark ?? "");

    /// <summary>Whether the process is alive; null if it is on another machine, so that it cannot be checked here.</summary>
    public bool? IsAlive()
    {
        if ((Host, Boot, Namespace) != (Current.Host, Current.Boot, Current.Namespace)) return null;
        return LiveProcess.Find(Pid) is { } process && (process.Mark is null || process.Mark == Started);
    }

    /// <summary>One line of JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, s_json);

    /// <summary>Reads what <see cref="ToJson"/> wrote; null for anything else.</summary>
    public static ProcessIdentity? TryParse(string text)
    {
        try
        {
            return JsonSerializer.Deserialize<ProcessIdentity>(text, s_json);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string ReadBoot() => OperatingSystem.IsLinux() && File.Exists(BootFile) ? File.ReadAllText(BootFile).Trim() : "";

    private static string ReadNamespace() => OperatingSystem.IsLinux() ? new FileInfo(NamespaceLink).LinkTarget ?? "" : "";
}

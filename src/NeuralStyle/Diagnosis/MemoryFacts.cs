using System.Globalization;
using NeuralStyle.Memory;
using NeuralStyle.Runtime;
using NeuralStyle.Runtime.Native;

namespace NeuralStyle.Diagnosis;

/// <summary>Memory, and the limits that the system sets to this process. In bytes.</summary>
/// <param name="Total">Of the machine.</param>
/// <param name="Free">What programs can still take; null if the system does not say.</param>
/// <param name="Container">The limit of a control group (containers, services, batch systems); null for none.</param>
/// <param name="Processors">The share of processors that a control group grants; null for no limit.</param>
/// <param name="Run">What a run may take unless it is told otherwise.</param>
/// <param name="OpenFiles">Limit of open files (<c>ulimit -n</c>); null for none.</param>
/// <param name="AddressSpace">Limit of address space (<c>ulimit -v</c>); null for none.</param>
/// <param name="HugePages">Linux's transparent huge pages: <c>always</c>, <c>madvise</c> or <c>never</c>; null for other systems.</param>
internal sealed record MemoryFacts(long Total, long? Free, long? Container, double? Processors, long Run, ulong? OpenFiles,
    ulong? AddressSpace, string? HugePages)
{
    private const string Groups = "/sys/fs/cgroup";

    /// <summary>Of this process.</summary>
    public static MemoryFacts Read() => new(MemoryBudget.OnSystem("MemTotal") ?? GC.GetGCMemoryInfo().TotalAvailableMemoryBytes,
        MemoryBudget.OnSystem("MemAvailable"), ContainerLimit(), ProcessorLimit(), MemoryBudget.Default(), ProcessLimits.Files,
        ProcessLimits.AddressSpace, HugePagesOf());

    private static long? ContainerLimit() => Group().Select(folder => SystemFiles.Line(Path.Combine(folder, "memory.max")))
        .Append(SystemFiles.Line($"{Groups}/memory/memory.limit_in_bytes")) // the first version of control groups
        .Select(text => long.TryParse(text, CultureInfo.InvariantCulture, out var bytes) && bytes < 1L << 60 ? bytes : (long?)null)
        .Min();

    private static double? ProcessorLimit() => Group().Select(folder => SystemFiles.Line(Path.Combine(folder, "cpu.max"))?.Split(' '))
        .Select(words => words is [var time, var period] && double.TryParse(time, CultureInfo.InvariantCulture, out var granted)
            ? granted / double.Parse(period, CultureInfo.InvariantCulture)
            : (double?)null)
        .Min();

    /// <summary>The folders of this process's control group and of those that it is part of.</summary>
    private static IEnumerable<string> Group()
    {
        const string unified = "0::/";
        var path = SystemFiles.Lines("/proc/self/cgroup").FirstOrDefault(line => line.StartsWith(unified, StringComparison.Ordinal));
        if (path is null) yield break;
        for (var group = path[unified.Length..]; ; group = Path.GetDirectoryName(group) ?? "")
        {
            yield return Path.Combine(Groups, group);
            if (group.Length == 0) yield break;
        }
    }

    // "always [madvise] never": the one in use stands in brackets
    private static string? HugePagesOf() =>
        SystemFiles.Line("/sys/kernel/mm/transparent_hugepage/enabled")?.Split('[', ']') is [_, var used, _] ? used : null;
}

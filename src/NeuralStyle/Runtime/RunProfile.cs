using System.Diagnostics;

namespace NeuralStyle.Runtime;

/// <summary>What a phase of a run took, without the phases within it.</summary>
/// <param name="Name">The phase.</param>
/// <param name="Seconds">Wall time.</param>
/// <param name="CpuSeconds">User and system time of all threads of the process meanwhile.</param>
/// <param name="Count">How often it was entered.</param>
internal sealed record PhaseTime(string Name, double Seconds, double CpuSeconds, long Count);

/// <summary>
/// Where the time of a run goes. While none is measured, a phase costs the reading of one field. Phases lie within each other; those of
/// other threads are not seen.
/// </summary>
internal sealed class RunProfile : IDisposable
{
    [ThreadStatic]
    private static RunProfile? s_current;

    private readonly Dictionary<string, PhaseTime> _phases = [];
    private readonly Stack<string> _open = new();
    private long _ticks = Stopwatch.GetTimestamp();
    private TimeSpan _cpu = Environment.CpuUsage.TotalTime;

    private RunProfile(string rest) => _open.Push(rest);

    /// <summary>Measures the phases of this thread until it is disposed of.</summary>
    /// <param name="rest">Name of what lies in no phase.</param>
    public static RunProfile Start(string rest) => s_current = new RunProfile(rest);

    /// <summary>A phase that ends where it is disposed of.</summary>
    public static Phase Of(string name) => new(s_current, name);

    /// <summary>A phase with the layer that it works on in its name.</summary>
    public static Phase Of<T>(string name, T layer) => s_current is { } current ? new(current, $"{name} {layer}") : default;

    /// <summary>The phases so far, the longest first.</summary>
    public IReadOnlyList<PhaseTime> Read()
    {
        Charge(0);
        return _phases.Values.OrderByDescending(phase => phase.Seconds).ToArray();
    }

    /// <inheritdoc/>
    public void Dispose() => s_current = null;

    private void Charge(int entered)
    {
        var (ticks, cpu) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
        var name = _open.Peek();
        var before = _phases.GetValueOrDefault(name) ?? new PhaseTime(name, 0, 0, 0);
        _phases[name] = before with
        {
            Seconds = before.Seconds + Stopwatch.GetElapsedTime(_ticks, ticks).TotalSeconds,
            CpuSeconds = before.CpuSeconds + (cpu - _cpu).TotalSeconds,
            Count = before.Count + entered,
        };
        (_ticks, _cpu) = (ticks, cpu);
    }

    /// <summary>One stay in a phase.</summary>
    internal readonly struct Phase : IDisposable
    {
        private readonly RunProfile? _profile;

        public Phase(RunProfile? profile, string name)
        {
            _profile = profile;
            if (profile is null) return;
            profile.Charge(0);
            profile._open.Push(name);
        }

        /// <inheritdoc/>
        public void Dispose()
        {
            if (_profile is null) return;
            _profile.Charge(1);
            _profile._open.Pop();
        }
    }
}

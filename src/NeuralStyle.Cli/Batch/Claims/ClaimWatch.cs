using System.Collections.Concurrent;

namespace NeuralStyle.Cli.Batch.Claims;

/// <summary>
/// Detects claims whose owner died. On this machine the process table shows it at once. Elsewhere a claim is dead if its heartbeat
/// stops for the given time, measured by this machine's clock: clocks of two machines are never compared.
/// </summary>
/// <param name="staleAfter">The longest time without a heartbeat.</param>
/// <param name="time">The clock.</param>
internal sealed class ClaimWatch(TimeSpan staleAfter, TimeProvider? time = null)
{
    /// <summary>Default of the longest time without a heartbeat.</summary>
    public static TimeSpan DefaultStaleAfter { get; } = TimeSpan.FromSeconds(120);

    private readonly TimeProvider _time = time ?? TimeProvider.System;
    private readonly ConcurrentDictionary<string, (string Text, long Since)> _seen = new();

    /// <summary>Time between heartbeats: short enough that several may be missed.</summary>
    public TimeSpan HeartbeatInterval => TimeSpan.FromSeconds(Math.Clamp(staleAfter.TotalSeconds / 8, 0.1, 15));

    /// <summary>Whether the owner of a claim is dead.</summary>
    /// <param name="path">The claim's file.</param>
    /// <param name="text">Its text, just read.</param>
    public bool IsDead(string path, string text)
    {
        if (ClaimFile.OwnerOf(text)?.IsAlive() is { } alive) return !alive;
        var now = _time.GetTimestamp();
        var (_, since) = _seen.AddOrUpdate(path, (text, now), (_, before) => before.Text == text ? before : (text, now));
        return _time.GetElapsedTime(since, now) >= staleAfter;
    }
}

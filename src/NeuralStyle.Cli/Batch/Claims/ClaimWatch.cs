using System.Collections.Concurrent;

namespace NeuralStyle.Cli.Batch.Claims;

/// <summary>
/// Tells claims whose owner died. On this machine the process table says so at once. Elsewhere a claim is dead when its heartbeat
/// stands still for the given time as measured here: no two machines' clocks are ever compared.
/// </summary>
/// <param name="staleAfter">How long a heartbeat may stand still.</param>
/// <param name="time">The clock.</param>
internal sealed class ClaimWatch(TimeSpan staleAfter, TimeProvider? time = null)
{
    /// <summary>How long a heartbeat may stand still unless another time is asked for.</summary>
    public static TimeSpan DefaultStaleAfter { get; } = TimeSpan.FromSeconds(120);

    private readonly TimeProvider _time = time ?? TimeProvider.System;
    private readonly ConcurrentDictionary<string, (string Text, long Since)> _seen = new();

    /// <summary>How often an owner should raise its count: often enough to miss several.</summary>
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

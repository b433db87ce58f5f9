using System.Diagnostics;
using NeuralStyle.Evaluation;
using NeuralStyle.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace NeuralStyle.Runs;

/// <summary>The losses of an iteration, still on the device. They outlive the report.</summary>
/// <param name="Values">The total, then one value per term, before weighting.</param>
/// <param name="Terms">What the numbers mean.</param>
public sealed record HeldLosses(Tensor Values, IReadOnlyList<TermInfo> Terms) : IDisposable
{
    /// <summary>Copies the losses of an evaluation on its device; owned by the caller.</summary>
    public static HeldLosses Of(Evaluated evaluated, IReadOnlyList<TermInfo> terms)
    {
        using var _ = no_grad();
        using var total = evaluated.Total.view(1);
        return new HeldLosses(cat([total, evaluated.Raw]).DetachFromDisposeScope(), terms);
    }

    /// <summary>Reads the losses of several iterations at once: a GPU is waited for once.</summary>
    public static IReadOnlyList<LossReport> Read(IReadOnlyList<HeldLosses> losses)
    {
        var numbers = HostReads.Of(losses.Select(held => held.Values).ToArray());
        var start = 0;
        return losses.Select(held =>
        {
            var own = numbers.AsSpan(start, held.Terms.Count + 1);
            start += own.Length;
            return new LossReport(own[0], held.Terms, own[1..].ToArray());
        }).ToArray();
    }

    /// <inheritdoc/>
    public void Dispose() => Values.Dispose();
}

/// <summary>
/// Tells an observer who wants the losses of every iteration, several iterations at a time on a GPU: it works behind what it is told, and
/// whoever reads a number waits until it has caught up. What is left is told on disposal.
/// </summary>
/// <param name="observer">Told of each iteration in order; it has no picture to ask for.</param>
/// <param name="atATime">Iterations whose losses are read together.</param>
public sealed class LossBatches(IProgress<RunProgress> observer, int atATime) : IProgress<RunProgress>, IDisposable
{
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(3); // where iterations take their time, reading costs nothing beside them

    private readonly List<(RunProgress Progress, HeldLosses Losses)> _waiting = [];
    private readonly Stopwatch _sinceTold = Stopwatch.StartNew();

    /// <summary>Iterations whose losses are read together on a device.</summary>
    public static int AtATime(Device device) => device.type == DeviceType.CUDA ? 10 : 1;

    /// <inheritdoc/>
    public void Report(RunProgress value)
    {
        _waiting.Add((value, value.HoldLosses()));
        if (_waiting.Count == atATime || value.EndsScale || _sinceTold.Elapsed > s_longest) Tell();
    }

    /// <inheritdoc/>
    public void Dispose() => Tell();

    private void Tell()
    {
        if (_waiting.Count == 0) return;
        try
        {
            foreach (var (report, (progress, _)) in HeldLosses.Read(_waiting.Select(pair => pair.Losses).ToArray()).Zip(_waiting))
                observer.Report(progress with { ReadLosses = () => report, Snapshot = () => throw new InvalidOperationException("the picture of an earlier iteration is gone") });
        }
        finally
        {
            foreach (var (_, losses) in _waiting) losses.Dispose();
            _waiting.Clear();
            _sinceTold.Restart();
        }
    }
}

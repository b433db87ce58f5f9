using System.Diagnostics;
using NeuralStyle.Evaluation;
using NeuralStyle.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace NeuralStyle.Runs;

/// <summary>
/// The losses of iterations that have not been read yet, still on the device. A GPU runs asynchronously, and reading a number blocks until
/// it has caught up: so the losses of several iterations are read at once.
/// </summary>
/// <param name="atATime">Iterations whose losses are read together.</param>
internal sealed class LossQueue(int atATime) : IDisposable
{
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(3); // with longer iterations, the wait does not matter

    private readonly List<(Tensor Values, LossReport Unread)> _waiting = [];
    private readonly Stopwatch _sinceRead = Stopwatch.StartNew();

    /// <summary>Iterations whose losses are read together on a device.</summary>
    public static int AtATime(Device device) => device.type == DeviceType.CUDA ? 10 : 1;

    /// <summary>Whether enough iterations, or enough time, have passed to read them.</summary>
    public bool IsDue => _waiting.Count >= atATime || _sinceRead.Elapsed > s_longest;

    /// <summary>Copies the losses of an evaluation on its device.</summary>
    public void Add(Evaluated evaluated, IReadOnlyList<TermInfo> terms, int iteration, double seconds)
    {
        using var _ = no_grad();
        using var total = evaluated.Total.view(1);
        _waiting.Add((cat([total, evaluated.Raw]).DetachFromDisposeScope(), new LossReport(iteration, seconds, double.NaN, terms, [])));
    }

    /// <summary>Reads all of them, in the order of the iterations.</summary>
    public IReadOnlyList<LossReport> Read()
    {
        if (_waiting.Count == 0) return [];
        var numbers = HostReads.Of(_waiting.Select(pair => pair.Values).ToArray());
        var start = 0;
        var read = _waiting.Select(pair =>
        {
            var own = numbers.AsSpan(start, pair.Unread.Terms.Count + 1);
            start += own.Length;
            return pair.Unread with { Total = own[0], Raw = own[1..].ToArray() };
        }).ToArray();
        Dispose();
        _sinceRead.Restart();
        return read;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var (values, _) in _waiting) values.Dispose();
        _waiting.Clear();
    }
}

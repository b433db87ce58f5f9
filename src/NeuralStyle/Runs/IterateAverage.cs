using static TorchSharp.torch;

namespace NeuralStyle.Runs;

/// <summary>
/// Exponential average over the iterates, with the bias of its zero start removed (as in Adam): suppresses the noise from a
/// constant step size, as in Crowson's style-transfer-pytorch.
/// </summary>
/// <param name="decay">Share of the old average kept at each step; 0 keeps the last iterate only.</param>
internal sealed class IterateAverage(double decay) : IDisposable
{
    private Tensor? _sum;
    private long _count;

    /// <summary>Adds one iterate.</summary>
    public void Update(Tensor image)
    {
        if (decay == 0) return;
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        _sum ??= zeros_like(image).DetachFromDisposeScope();
        _sum.mul_(decay).add_(image, 1 - decay);
        _count++;
    }

    /// <summary>The average, clamped to [0, 1]; the iterate itself before the first update. A new tensor.</summary>
    public Tensor Value(Tensor image)
    {
        using var _ = no_grad();
        return _sum is null ? image.clamp(0, 1) : _sum.div(1 - Math.Pow(decay, _count)).clamp_(0, 1);
    }

    /// <summary>Starts again.</summary>
    public void Reset()
    {
        _sum?.Dispose();
        (_sum, _count) = (null, 0);
    }

    /// <summary>The average by name, as views that are valid until the next update.</summary>
    public Dictionary<string, Tensor> SaveState() => _sum is null ? [] : new() { ["sum"] = _sum.alias(), ["count"] = tensor(_count) };

    /// <summary>Takes over what <see cref="SaveState"/> gave, and its tensors.</summary>
    public void RestoreState(IReadOnlyDictionary<string, Tensor> state)
    {
        Reset();
        if (!state.TryGetValue("sum", out var sum)) return;
        _sum = sum.DetachFromDisposeScope();
        using var count = state["count"];
        _count = count.cpu().item<long>();
    }

    public void Dispose() => Reset();
}

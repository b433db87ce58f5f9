using NeuralStyle.Evaluation;
using NeuralStyle.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace NeuralStyle.Optimization;

/// <summary>
/// Adam (Kingma and Ba 2015, algorithm 1). Our own because its moments are carried over to the next scale and into checkpoints.
/// A gradient that is not finite counts as zero at that element.
/// </summary>
/// <remarks>
/// If memory is short, the moments are kept in half precision, the second one as its square root: two bytes per value instead of four.
/// Both are stored relative to a power of two near the largest gradient so far, which leaves 28 binary orders of magnitude below
/// it before precision is lost. Rounding stops a moment from following a gradient only within 5 % of it; docs/tiling.md
/// describes the effect on pictures.
/// </remarks>
/// <param name="learningRate">Step size, in units of the variable.</param>
/// <param name="beta1">Decay of the first moment.</param>
/// <param name="beta2">Decay of the second moment.</param>
/// <param name="range">Limits that the variable is clamped to after each step; null for none.</param>
/// <param name="half">Whether the moments are kept in half precision.</param>
internal sealed class Adam(double learningRate, double beta1 = 0.9, double beta2 = 0.99, (double Low, double High)? range = null,
    bool half = false) : IOptimizer
{
    // Losses differ by many orders of magnitude between networks and definitions; this is small enough for all of them.
    private const double Epsilon = 1e-12;
    private const double Top = 1 << 14; // the stored value of the largest gradient: half precision ends at twice as much
    private Tensor? _first;
    private Tensor? _second; // its root in half precision
    private double _unit; // the value that 1 in half precision represents, a power of two
    private long _steps;

    /// <summary>Nothing is kept of a loss; the moments of the gradients fade.</summary>
    public void FunctionChanged()
    {
    }

    /// <inheritdoc/>
    public Evaluated Step(Tensor x, Func<Tensor, Evaluated> evaluate)
    {
        var evaluated = evaluate(x);
        using var _ = no_grad();
        _first ??= zeros_like(x, Kept(x)).DetachFromDisposeScope();
        _second ??= zeros_like(x, Kept(x)).DetachFromDisposeScope();
        _steps++;
        var unit = half ? Math.Max(_unit, UnitFor(Largest(evaluated.Gradient))) : 1;
        foreach (var strip in Strips.Of(x, evaluated.Gradient, _first, _second))
        {
            var (at, gradient) = (strip[0], strip[1].nan_to_num(0, 0, 0));
            var (first, second) = half ? (Unpacked(strip[2], x), Unpacked(strip[3], x).pow_(2)) : (strip[2], strip[3]);
            first.mul_(beta1).add_(gradient, 1 - beta1);
            second.mul_(beta2).addcmul_(gradient, gradient, 1 - beta2);
            var denominator = second.div(1 - Math.Pow(beta2, _steps)).sqrt_().add_(Epsilon);
            at.addcdiv_(first, denominator, -learningRate / (1 - Math.Pow(beta1, _steps)));
            if (range is var (low, high)) at.clamp_(low, high);
            if (!half) continue;
            strip[2].copy_(first.div_(unit));
            strip[3].copy_(second.sqrt_().div_(unit));
        }
        _unit = unit;
        return evaluated;
    }

    /// <summary>The same optimiser for a variable of another size. It keeps its moments, so that it need not warm up again.</summary>
    /// <param name="resize">Returns a moment in the new size, as a new tensor.</param>
    /// <param name="toHalf">Whether the moments are kept in half precision from now on.</param>
    /// <returns>
    /// A new optimiser, owned by the caller. This one loses its moments: they are freed one by one, because two sizes of both might not
    /// fit.
    /// </returns>
    public Adam Resized(Func<Tensor, Tensor> resize, bool toHalf)
    {
        using var _ = no_grad();
        var result = new Adam(learningRate, beta1, beta2, range, toHalf) { _steps = _steps, _unit = _unit };
        if (_first is null || _second is null) return result;
        if (toHalf && !half) result._unit = UnitFor(Math.Max(Largest(_first), Math.Sqrt(Largest(_second))));
        result._first = Moved(ref _first, root: false);
        result._second = Moved(ref _second, root: true);
        return result;

        Tensor Moved(ref Tensor? moment, bool root)
        {
            using var scope = NewDisposeScope();
            var value = half ? moment!.to(ScalarType.Float32).mul_(_unit) : moment!.alias();
            moment.Dispose();
            moment = null;
            if (root && half) value.pow_(2);
            var resized = resize(value);
            value.Dispose();
            if (toHalf)
            {
                if (root) resized.sqrt_();
                resized = resized.div_(result._unit).to(ScalarType.Float16);
            }
            return resized.DetachFromDisposeScope();
        }
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, Tensor> SaveState() => _first is null || _second is null
        ? new Dictionary<string, Tensor>()
        : new Dictionary<string, Tensor> { ["first"] = _first.alias(), ["second"] = _second.alias(), ["steps"] = tensor(_steps),
            ["unit"] = tensor(_unit) };

    /// <inheritdoc/>
    public void RestoreState(IReadOnlyDictionary<string, Tensor> state)
    {
        Dispose();
        if (!state.TryGetValue("first", out var first)) return;
        _first = first.DetachFromDisposeScope();
        _second = state["second"].DetachFromDisposeScope();
        using var steps = state["steps"];
        using var unit = state["unit"];
        if (HostReads.Of(steps, unit) is [var count, var power]) (_steps, _unit) = ((long)count, power);
        if (_first.dtype == ScalarType.Float16 != half) throw new ArgumentException("the moments are of another precision", nameof(state));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _first?.Dispose();
        _second?.Dispose();
        (_first, _second, _steps, _unit) = (null, null, 0, 0);
    }

    private ScalarType Kept(Tensor x) => half ? ScalarType.Float16 : x.dtype;

    private Tensor Unpacked(Tensor stored, Tensor like) => stored.to(like.dtype).mul_(_unit);

    private static double Largest(Tensor values)
    {
        using var largest = Strips.Largest(values, finiteOnly: true);
        return HostReads.Of(largest)[0];
    }

    /// <summary>The power of two that a value must be divided by to be stored as at most <see cref="Top"/>.</summary>
    private static double UnitFor(double largest) => Math.ScaleB(1 / Top, (int)Math.Ceiling(Math.Log2(largest)));
}

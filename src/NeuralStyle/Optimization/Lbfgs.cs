using NeuralStyle.Evaluation;
using NeuralStyle.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace NeuralStyle.Optimization;

/// <summary>
/// Limited-memory BFGS: the two-loop recursion of Nocedal and Wright, "Numerical Optimization" (2nd ed.), algorithms 7.4 and 7.5,
/// with the line search of <see cref="LineSearch"/>. A step that leads to NaN or infinity is shortened; when no step along the
/// direction helps, the history is dropped and the steepest descent tried from a shorter step.
/// </summary>
/// <remarks>
/// Within bounds it is the projected method: variables at a bound that the loss pushes against are left out of the direction
/// (Bertsekas 1982, "Projected Newton methods for optimization problems with simple constraints"), and the line search follows the
/// path bent by the bounds. A picture optimised without bounds and cut to [0, 1] afterwards is not the one that was optimised.
///
/// The line search needs losses and slopes, so it waits for a GPU: once per evaluation, and twice more per step
/// (the slope of the direction; the new pair's products). All else stays on the device.
/// </remarks>
/// <param name="history">Number of (s, y) pairs kept; each costs two copies of the variable. There are up to six more: the variable,
/// its gradient, the direction, a point on it, the gradient there, and that at the best point so far.</param>
/// <param name="firstStep">Largest change of any element in a step without history, in units of the variable.</param>
/// <param name="range">Bounds of every element; null for none.</param>
internal sealed class Lbfgs(int history = 10, double firstStep = 0.05, (double Low, double High)? range = null) : IOptimizer
{
    private readonly List<(Tensor S, Tensor Y, double Rho, double Square)> _pairs = []; // Rho = 1 / sᵀy, Square = yᵀy
    private readonly PairProducts _products = new(); // of the pairs, on the CPU in float32
    private Evaluated? _current;
    private double? _total; // of _current, once read
    private double _shortening = 1; // of firstStep, after steps that failed

    /// <summary>
    /// Whether the recursion keeps its scalars on the device, which avoids waiting for a GPU; no gain on the CPU. Tests set it.
    /// </summary>
    internal bool? ScalarsOnDevice { get; init; }

    /// <summary>True when the last step could not lower the loss: a minimum, as far as the arithmetic can tell.</summary>
    public bool Converged { get; private set; }

    /// <summary>Evaluations made so far.</summary>
    public int Evaluations { get; private set; }

    /// <inheritdoc/>
    public Evaluated Step(Tensor x, Func<Tensor, Evaluated> evaluate)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        if (_current is null && range is var (low, high)) x.clamp_(low, high);
        _current ??= Detach(Count(evaluate, x));
        var total = _total ??= _current.ReadTotal();
        if (!double.IsFinite(total))
            throw new RunFailedException("the loss is not a finite number at the start; check the weights file and the loss weights");

        var direction = Direction(Downhill(x, _current.Gradient));
        Close(x, direction);
        var slope = Read(Dot(direction, _current.Gradient));
        if (_pairs.Count > 0 && !(slope < 0)) // rounding or the bounds have made the history unusable
        {
            Forget();
            direction.Dispose();
            direction = Downhill(x, _current.Gradient);
            slope = Read(Dot(direction, _current.Gradient));
        }
        var start = _pairs.Count > 0 ? 1.0 : InitialStep(direction);
        var found = slope < 0 ? LineSearch.Run(step => At(x, direction, step, evaluate), total, slope, start) : null;
        if (found is null)
        {
            Converged = _pairs.Count == 0;
            Forget();
            _shortening /= 4;
            return Copy(_current);
        }

        Converged = false;
        if (_pairs.Count == 0) _shortening = 1;
        var next = Moved(x, direction, found.Value.Step);
        direction.Dispose();
        var s = next - x;
        x.copy_(next);
        next.Dispose();
        Remember(s, _current.Gradient.neg_().add_(found.Value.Evaluated.Gradient)); // in place: at 268 megapixels each copy is 3 GB
        _current.Total.Dispose();
        _current.Raw.Dispose();
        (_current, _total) = (Detach(found.Value.Evaluated), found.Value.Total);
        return Copy(_current);
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, Tensor> SaveState()
    {
        var state = new Dictionary<string, Tensor> { ["numbers"] = tensor(new[] { _shortening, Evaluations, Converged ? 1 : 0 },
            ScalarType.Float64) };
        for (var i = 0; i < _pairs.Count; i++)
        {
            state[$"s{i}"] = _pairs[i].S.alias();
            state[$"y{i}"] = _pairs[i].Y.alias();
        }
        if (_current is null) return state;
        state["total"] = _current.Total.alias();
        state["raw"] = _current.Raw.alias();
        state["gradient"] = _current.Gradient.alias();
        return state;
    }

    /// <inheritdoc/>
    public void RestoreState(IReadOnlyDictionary<string, Tensor> state)
    {
        Dispose();
        using var scope = NewDisposeScope();
        using var numbers = state["numbers"].cpu();
        state["numbers"].Dispose();
        if (numbers.data<double>().ToArray() is not [var shortening, var evaluations, var converged])
            throw new ArgumentException("no state of L-BFGS", nameof(state));
        (_shortening, Evaluations, Converged) = (shortening, (int)evaluations, converged != 0);
        for (var i = 0; state.TryGetValue($"s{i}", out var s); i++)
        {
            var y = state[$"y{i}"].DetachFromDisposeScope();
            // as Remember sets it
            Keep(s, y, Measure(s, y));
        }
        if (state.TryGetValue("total", out var total)) _current = Detach(new Evaluated(total, state["raw"], state["gradient"]));
    }

    /// <summary>The steps remembered are kept: the curvature of the new function is nearly that of the old one.</summary>
    public void FunctionChanged()
    {
        _current?.Dispose();
        (_current, _total) = (null, null);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Forget();
        _current?.Dispose();
        (_current, _total) = (null, null);
        _shortening = 1;
    }

    private (Evaluated Evaluated, double Total, double Slope) At(Tensor x, Tensor direction, double step, Func<Tensor, Evaluated> evaluate)
    {
        using var point = Moved(x, direction, step);
        var evaluated = Count(evaluate, point);
        return HostReads.Of(evaluated.Total, Slope(point, direction, evaluated.Gradient)) is [var total, var slope]
            ? (evaluated, total, slope)
            : throw new InvalidOperationException("two scalars are two numbers");
    }

    private Tensor Moved(Tensor x, Tensor direction, double step)
    {
        if (range is var (least, most) && PictureLoops.Take(x)) return PictureLoops.Moved(x, direction, step, least, most);
        var point = x.add(direction, alpha: step);
        return range is var (low, high) ? point.clamp_(low, high) : point;
    }

    /// <summary>The steepest descent within the bounds.</summary>
    private Tensor Downhill(Tensor x, Tensor gradient)
    {
        var direction = gradient.neg();
        Close(x, direction);
        return direction;
    }

    /// <summary>Removes the parts of a direction that lead out of the bounds, in place.</summary>
    private void Close(Tensor x, Tensor direction)
    {
        if (range is not var (low, high)) return;
        if (PictureLoops.Take(x))
        {
            PictureLoops.Close(x, direction, low, high);
            return;
        }
        foreach (var strip in Strips.Of(x, direction))
        {
            var (at, along) = (strip[0], strip[1]);
            var leaving = at.le(low).logical_and_(along.lt(0)).logical_or_(at.ge(high).logical_and_(along.gt(0)));
            along.masked_fill_(leaving, 0);
        }
    }

    /// <summary>The slope of the path at a point: elements at a bound move no further.</summary>
    private Tensor Slope(Tensor point, Tensor direction, Tensor gradient)
    {
        if (range is not var (low, high)) return Dot(gradient, direction);
        if (PictureLoops.Take(point)) return tensor(PictureLoops.Slope(point, direction, gradient, low, high), ScalarType.Float64);
        var sum = zeros([], ScalarType.Float64, gradient.device);
        foreach (var strip in Strips.Of(point, direction, gradient))
        {
            var path = strip[1].clone();
            Close(strip[0], path);
            sum.add_(Dot(strip[2], path));
        }
        return sum;
    }

    private Evaluated Count(Func<Tensor, Evaluated> evaluate, Tensor x)
    {
        Evaluations++;
        using var grad = enable_grad();
        return evaluate(x);
    }

    /// <summary>The two-loop recursion, algorithm 7.4.</summary>
    /// <param name="q">The negative gradient; becomes the direction.</param>
    private Tensor Direction(Tensor q)
    {
        if (ScalarsOnDevice ?? q.device_type != DeviceType.CPU) return DirectionOnDevice(q);
        if (_products.Count > 0)
        {
            _products.Turn(q, Vectors());
            return q;
        }
        var alphas = new double[_pairs.Count];
        for (var i = _pairs.Count - 1; i >= 0; i--)
        {
            alphas[i] = _pairs[i].Rho * Read(Dot(_pairs[i].S, q));
            q.add_(_pairs[i].Y, alpha: -alphas[i]);
        }
        if (_pairs.Count > 0) q.mul_(1 / (_pairs[^1].Rho * _pairs[^1].Square)); // γ = sᵀy / yᵀy, equation 7.20
        for (var i = 0; i < _pairs.Count; i++)
            q.add_(_pairs[i].S, alpha: alphas[i] - _pairs[i].Rho * Read(Dot(_pairs[i].Y, q)));
        return q;
    }

    /// <summary>The same without reading a number; rounded a little differently.</summary>
    private Tensor DirectionOnDevice(Tensor q)
    {
        var alphas = new Tensor[_pairs.Count];
        for (var i = _pairs.Count - 1; i >= 0; i--)
        {
            alphas[i] = Dot(_pairs[i].S, q).mul_(_pairs[i].Rho);
            q.addcmul_(_pairs[i].Y, alphas[i].to(q.dtype), -1);
        }
        if (_pairs.Count > 0) q.mul_(1 / (_pairs[^1].Rho * _pairs[^1].Square));
        for (var i = 0; i < _pairs.Count; i++)
            q.addcmul_(_pairs[i].S, (alphas[i] - Dot(_pairs[i].Y, q).mul_(_pairs[i].Rho)).to(q.dtype), 1);
        return q;
    }

    private double InitialStep(Tensor direction) => firstStep * _shortening / Read(Strips.Largest(direction));

    private void Remember(Tensor s, Tensor y)
    {
        var measured = Measure(s, y);
        // not convex along this step: the pair would make the history unusable
        if (history == 0 || !(measured.Curvature > 1e-8 * Math.Sqrt(measured.SquareOfS * measured.SquareOfY)))
        {
            s.Dispose();
            y.Dispose();
            return;
        }
        Keep(s, y, measured);
        if (_pairs.Count <= history) return;
        _pairs[0].S.Dispose();
        _pairs[0].Y.Dispose();
        _pairs.RemoveAt(0);
        if (_products.Count > 0) _products.DropFirst();
    }

    private void Forget()
    {
        foreach (var (s, y, _, _) in _pairs)
        {
            s.Dispose();
            y.Dispose();
        }
        _pairs.Clear();
        _products.Clear();
    }

    private (Tensor S, Tensor Y)[] Vectors() => [.. _pairs.Select(pair => (pair.S, pair.Y))];

    /// <summary>sᵀy, sᵀs and yᵀy of a pair; on the CPU in float32 all its products with the pairs that are kept.</summary>
    private (PairProducts.NewPair? All, double Curvature, double SquareOfS, double SquareOfY) Measure(Tensor s, Tensor y)
    {
        if (PictureLoops.Take(s))
        {
            var all = PairProducts.Of(s, y, Vectors());
            return (all, all.Curvature, all.SquareOfS, all.SquareOfY);
        }
        return HostReads.Of(Dot(s, y), Dot(s, s), Dot(y, y)) is [var curvature, var ss, var yy]
            ? (null, curvature, ss, yy)
            : throw new InvalidOperationException("three scalars are three numbers");
    }

    private void Keep(Tensor s, Tensor y, (PairProducts.NewPair? All, double Curvature, double SquareOfS, double SquareOfY) measured)
    {
        if (measured.All is { } products) _products.Add(products);
        _pairs.Add((s.DetachFromDisposeScope(), y.DetachFromDisposeScope(), 1 / measured.Curvature, measured.SquareOfY));
    }

    /// <summary>A scalar on the device, added up in float64.</summary>
    private static Tensor Dot(Tensor a, Tensor b)
    {
        var sum = zeros([], ScalarType.Float64, a.device);
        foreach (var strip in Strips.Of(a, b)) sum.add_(FixedSums.Dot(strip[0], strip[1]));
        return sum;
    }

    private static double Read(Tensor scalar) => HostReads.Of(scalar)[0];

    private static Evaluated Detach(Evaluated evaluated)
    {
        evaluated.Total.DetachFromDisposeScope();
        evaluated.Raw.DetachFromDisposeScope();
        evaluated.Gradient.DetachFromDisposeScope();
        return evaluated;
    }

    private static Evaluated Copy(Evaluated evaluated) => new(
        evaluated.Total.clone()
            .MoveToOuterDisposeScope(), evaluated.Raw.clone()
            .MoveToOuterDisposeScope(), evaluated.Gradient.alias()
            .MoveToOuterDisposeScope());
}

using NeuralStyle.Evaluation;
using NeuralStyle.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace NeuralStyle.Optimization;

/// <summary>
/// Limited-memory BFGS (Nocedal and Wright, "Numerical Optimization", 2nd ed., algorithm 7.5), with the directions of
/// <see cref="CurvaturePairs"/> and the line search of <see cref="LineSearch"/>. A step that leads to NaN or infinity is shortened; when no
/// step along the direction helps, the history is dropped and the steepest descent tried from a shorter step.
/// </summary>
/// <remarks>
/// Within bounds it is the projected method: variables at a bound that the loss pushes against are left out of the direction
/// (Bertsekas 1982, "Projected Newton methods for optimization problems with simple constraints"), and the line search follows the
/// path bent by the bounds. A picture optimised without bounds and cut to [0, 1] afterwards is not the one that was optimised.
///
/// The line search needs losses and slopes, so it waits for a GPU: once per evaluation, and twice more per step
/// (the slope of the direction; the new pair's products). All else stays on the device.
/// </remarks>
/// <param name="history">Number of (s, y) pairs kept; each costs two copies of the variable, on the CPU in bfloat16. There are up to six
/// more: the variable, its gradient, the direction, a point on it, the gradient there, and that at the best point so far.</param>
/// <param name="firstStep">Largest change of any element in a step without history, in units of the variable.</param>
/// <param name="range">Bounds of every element; null for none.</param>
/// <param name="scalarsOnDevice">See <see cref="CurvaturePairs"/>; tests set it.</param>
internal sealed class Lbfgs(int history = 10, double firstStep = 0.05, (double Low, double High)? range = null,
    bool? scalarsOnDevice = null) : IOptimizer
{
    private readonly CurvaturePairs _pairs = new(history, scalarsOnDevice);
    private readonly Bounds _bounds = new(range);
    private Evaluated? _current;
    private double? _total; // of _current, once read
    private double _shortening = 1; // of firstStep, after steps that failed

    /// <summary>True when the last step could not lower the loss: a minimum, as far as the arithmetic can tell.</summary>
    public bool Converged { get; private set; }

    /// <summary>Evaluations made so far.</summary>
    public int Evaluations { get; private set; }

    /// <inheritdoc/>
    public Evaluated Step(Tensor x, Func<Tensor, Evaluated> evaluate)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        if (_current is null) _bounds.Clamp(x);
        _current ??= Detach(Count(evaluate, x));
        var total = _total ??= _current.ReadTotal();
        if (!double.IsFinite(total))
            throw new RunFailedException("the loss is not a finite number at the start; check the weights file and the loss weights");

        var direction = _pairs.Direction(_bounds.Downhill(x, _current.Gradient));
        var slope = Read(_bounds.Close(x, direction, _current.Gradient));
        if (_pairs.Count > 0 && !(slope < 0)) // rounding or the bounds have made the history unusable
        {
            _pairs.Clear();
            direction.Dispose();
            direction = _bounds.Downhill(x, _current.Gradient);
            slope = Read(Strips.Dot(direction, _current.Gradient));
        }
        var start = _pairs.Count > 0 ? 1.0 : InitialStep(direction);
        var found = slope < 0 ? LineSearch.Run(step => At(x, direction, step, evaluate), total, slope, start) : null;
        if (found is null)
        {
            Converged = _pairs.Count == 0;
            _pairs.Clear();
            _shortening /= 4;
            return Copy(_current);
        }

        Converged = false;
        if (_pairs.Count == 0) _shortening = 1;
        _pairs.Advance(_bounds, x, direction, found.Value.Step, _current.Gradient, found.Value.Evaluated.Gradient);
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
        foreach (var (i, (s, y)) in _pairs.Vectors.Index())
        {
            state[$"s{i}"] = s.alias();
            state[$"y{i}"] = y.alias();
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
        for (var i = 0; state.TryGetValue($"s{i}", out var s); i++) _pairs.Restore(s, state[$"y{i}"]);
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
        _pairs.Dispose();
        _current?.Dispose();
        (_current, _total) = (null, null);
        _shortening = 1;
    }

    private (Evaluated Evaluated, double Total, double Slope) At(Tensor x, Tensor direction, double step, Func<Tensor, Evaluated> evaluate)
    {
        using var point = _bounds.Moved(x, direction, step);
        var evaluated = Count(evaluate, point);
        return HostReads.Of(evaluated.Total, _bounds.Slope(point, direction, evaluated.Gradient)) is [var total, var slope]
            ? (evaluated, total, slope)
            : throw new InvalidOperationException("two scalars are two numbers");
    }

    private Evaluated Count(Func<Tensor, Evaluated> evaluate, Tensor x)
    {
        Evaluations++;
        using var grad = enable_grad();
        return evaluate(x);
    }

    private double InitialStep(Tensor direction) => firstStep * _shortening / Read(Strips.Largest(direction));

    private static double Read(Tensor scalar) => HostReads.Of(scalar)[0];

    private static Evaluated Detach(Evaluated evaluated)
    {
        evaluated.Total.DetachFromDisposeScope();
        evaluated.Raw.DetachFromDisposeScope();
        evaluated.Gradient.DetachFromDisposeScope();
        return evaluated;
    }

    private static Evaluated Copy(Evaluated evaluated) => new(
        evaluated.Total.clone().MoveToOuterDisposeScope(),
        evaluated.Raw.clone().MoveToOuterDisposeScope(),
        evaluated.Gradient.alias().MoveToOuterDisposeScope());
}

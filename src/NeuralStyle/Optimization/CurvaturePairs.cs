using NeuralStyle.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace NeuralStyle.Optimization;

/// <summary>
/// The last steps s of L-BFGS and the changes y of the gradient along them, which stand for the curvature of the loss, and the two-loop
/// recursion that makes a direction of them (Nocedal and Wright, "Numerical Optimization", 2nd ed., algorithm 7.4). For pictures in float32
/// on the CPU they are kept in bfloat16, see <see cref="PairLoops"/>.
/// </summary>
/// <param name="most">Number of pairs kept; each is two copies of the variable.</param>
/// <param name="scalarsOnDevice">Whether the recursion goes vector by vector with its scalars on the device, or with scalars that are read;
/// null: the first on a GPU, to avoid waiting for it, and for pictures in float32 on the CPU by <see cref="PairProducts"/>.</param>
internal sealed class CurvaturePairs(int most, bool? scalarsOnDevice) : IDisposable
{
    private const double LeastCurvature = 1e-8; // sᵀy of vectors of length 1

    private readonly List<(Tensor S, Tensor Y, double Rho, double Square)> _pairs = []; // Rho = 1 / sᵀy, Square = yᵀy
    private readonly PairProducts _products = new(); // of the pairs in bfloat16
    private (Tensor S, Tensor Y)? _new; // in bfloat16: not judged before the next direction, which needs products as well

    /// <summary>Number of pairs.</summary>
    public int Count
    {
        get
        {
            JudgeNew();
            return _pairs.Count;
        }
    }

    /// <summary>The vectors, the oldest pair first.</summary>
    public (Tensor S, Tensor Y)[] Vectors
    {
        get
        {
            JudgeNew();
            return Kept;
        }
    }

    private (Tensor S, Tensor Y)[] Kept => [.. _pairs.Select(pair => (pair.S, pair.Y))];

    /// <summary>
    /// Takes a step within bounds, in place, and keeps the step and the change of the gradient, unless the loss is not convex along it;
    /// drops the oldest pair if there are too many.
    /// </summary>
    /// <param name="bounds">The bounds.</param>
    /// <param name="x">The point; becomes the next one.</param>
    /// <param name="direction">From it; used up.</param>
    /// <param name="step">Its factor.</param>
    /// <param name="gradient">At the point; used up.</param>
    /// <param name="newGradient">At the next one.</param>
    public void Advance(Bounds bounds, Tensor x, Tensor direction, double step, Tensor gradient, Tensor newGradient)
    {
        JudgeNew();
        if (!IsPacked(x))
        {
            bounds.Advance(x, direction, step, gradient, newGradient);
            Judge(direction, gradient, Measure(direction, gradient));
            return;
        }
        var (s, y) = PairLoops.Advance(x, direction, step, gradient, newGradient, bounds.Low, bounds.High);
        direction.Dispose();
        gradient.Dispose();
        _new = (s.DetachFromDisposeScope(), y.DetachFromDisposeScope());
    }

    /// <summary>Adds a pair that was remembered before.</summary>
    public void Restore(Tensor s, Tensor y)
    {
        JudgeNew();
        (s, y) = (Stored(s), Stored(y));
        Keep(s, y, Measure(s, y));
    }

    /// <summary>Forgets all pairs.</summary>
    public void Clear()
    {
        _new?.S.Dispose();
        _new?.Y.Dispose();
        _new = null;
        foreach (var (s, y, _, _) in _pairs)
        {
            s.Dispose();
            y.Dispose();
        }
        _pairs.Clear();
        _products.Clear();
    }

    /// <inheritdoc/>
    public void Dispose() => Clear();

    /// <summary>The two-loop recursion.</summary>
    /// <param name="q">The negative gradient; becomes the direction.</param>
    public Tensor Direction(Tensor q)
    {
        if (IsPacked(q)) return DirectionByProducts(q);
        if (scalarsOnDevice ?? q.device_type != DeviceType.CPU) return DirectionOnDevice(q);
        var alphas = new double[_pairs.Count];
        for (var i = _pairs.Count - 1; i >= 0; i--)
        {
            alphas[i] = _pairs[i].Rho * HostReads.Of(Strips.Dot(_pairs[i].S, q))[0];
            q.add_(_pairs[i].Y, alpha: -alphas[i]);
        }
        if (_pairs.Count > 0) q.mul_(1 / (_pairs[^1].Rho * _pairs[^1].Square)); // γ = sᵀy / yᵀy, equation 7.20
        for (var i = 0; i < _pairs.Count; i++)
            q.add_(_pairs[i].S, alpha: alphas[i] - _pairs[i].Rho * HostReads.Of(Strips.Dot(_pairs[i].Y, q))[0]);
        return q;
    }

    /// <summary>The same without reading a number; rounded a little differently.</summary>
    private Tensor DirectionOnDevice(Tensor q)
    {
        var alphas = new Tensor[_pairs.Count];
        for (var i = _pairs.Count - 1; i >= 0; i--)
        {
            alphas[i] = Strips.Dot(_pairs[i].S, q).mul_(_pairs[i].Rho);
            q.addcmul_(_pairs[i].Y, alphas[i].to(q.dtype), -1);
        }
        if (_pairs.Count > 0) q.mul_(1 / (_pairs[^1].Rho * _pairs[^1].Square));
        for (var i = 0; i < _pairs.Count; i++)
            q.addcmul_(_pairs[i].S, (alphas[i] - Strips.Dot(_pairs[i].Y, q).mul_(_pairs[i].Rho)).to(q.dtype), 1);
        return q;
    }

    /// <summary>The same by products of the pairs, with those of a new pair, which is judged by them.</summary>
    private Tensor DirectionByProducts(Tensor q)
    {
        PairProducts.Descent with;
        if (_new is var (s, y))
        {
            (var products, with) = PairProducts.Of(s, y, q, Kept);
            _new = null;
            with = Judge(s, y, Measured.Of(products)) ? with : with.WithoutLast();
            if (with.S.Length > _pairs.Count) with = with.WithoutFirst();
        }
        else if (_pairs.Count > 0) with = PairProducts.Of(q, Kept);
        else return q;
        if (_pairs.Count > 0) _products.Turn(q, with, Kept);
        return q;
    }

    private bool IsPacked(Tensor x) => scalarsOnDevice is null && PictureLoops.Take(x);

    /// <summary>A vector of a checkpoint as it is kept here: on another device it was kept in another precision.</summary>
    private Tensor Stored(Tensor vector)
    {
        var type = IsPacked(vector) ? ScalarType.BFloat16
            : vector.device_type != DeviceType.CPU && vector.dtype == ScalarType.BFloat16 ? ScalarType.Float32 : vector.dtype;
        if (type == vector.dtype) return vector;
        using (vector) return vector.to(type);
    }

    private void JudgeNew()
    {
        if (_new is not var (s, y)) return;
        _new = null;
        Judge(s, y, Measure(s, y));
    }

    /// <summary>Keeps a pair and drops the oldest one if there are too many, or drops the pair.</summary>
    /// <returns>Whether it is kept.</returns>
    private bool Judge(Tensor s, Tensor y, Measured measured)
    {
        // not convex along this step: the pair would make the history unusable
        if (most == 0 || !(measured.Curvature > LeastCurvature * Math.Sqrt(measured.SquareOfS * measured.SquareOfY)))
        {
            s.Dispose();
            y.Dispose();
            return false;
        }
        Keep(s, y, measured);
        if (_pairs.Count <= most) return true;
        _pairs[0].S.Dispose();
        _pairs[0].Y.Dispose();
        _pairs.RemoveAt(0);
        if (_products.Count > 0) _products.DropFirst();
        return true;
    }

    /// <summary>sᵀy, sᵀs and yᵀy of a pair; in bfloat16 all its products with the pairs that are kept.</summary>
    private Measured Measure(Tensor s, Tensor y)
    {
        if (s.dtype == ScalarType.BFloat16) return Measured.Of(PairProducts.Of(s, y, Kept));
        return HostReads.Of(Strips.Dot(s, y), Strips.Dot(s, s), Strips.Dot(y, y)) is [var curvature, var ss, var yy]
            ? new Measured(null, curvature, ss, yy)
            : throw new InvalidOperationException("three scalars are three numbers");
    }

    private void Keep(Tensor s, Tensor y, Measured measured)
    {
        if (measured.All is { } products) _products.Add(products);
        _pairs.Add((s.DetachFromDisposeScope(), y.DetachFromDisposeScope(), 1 / measured.Curvature, measured.SquareOfY));
    }

    private readonly record struct Measured(PairProducts.NewPair? All, double Curvature, double SquareOfS, double SquareOfY)
    {
        public static Measured Of(PairProducts.NewPair all) => new(all, all.Curvature, all.SquareOfS, all.SquareOfY);
    }
}

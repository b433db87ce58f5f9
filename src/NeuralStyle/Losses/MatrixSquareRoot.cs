using NeuralStyle.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace NeuralStyle.Losses;

/// <summary>
/// Square roots of symmetric positive definite matrices, in float64: on the CPU by an eigendecomposition; elsewhere by an iteration that
/// needs only matrix products, which accelerators are good at, because a decomposition would block the queue.
/// </summary>
internal static class MatrixSquareRoot
{
    private const double Smallest = 1e-14; // of the largest eigenvalue; smaller values are rounding errors

    private static readonly double[] s_factors = Factors();

    /// <summary>A½, without history.</summary>
    /// <param name="a">C×C, symmetric positive definite.</param>
    public static Tensor Of(Tensor a)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        return (a.device_type == DeviceType.CPU ? Exact(a).Root : Iterated(a).Root).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// tr (R A R)½, differentiable once in A: its derivative is ½·R (R A R)^(−½) R. Equal eigenvalues do no harm, because no eigenvector is
    /// differentiated.
    /// </summary>
    /// <param name="a">C×C, symmetric positive definite.</param>
    /// <param name="root">R, C×C, symmetric positive definite, of the same type.</param>
    public static Tensor CrossTrace(Tensor a, Tensor root)
    {
        var (trace, slope) = WithSlope(a, root);
        var linear = FixedSums.Sum(a * slope); // d/dA of this is the slope; its value is replaced by the trace
        return linear + (trace - linear.detach());
    }

    /// <summary>The same trace and its derivative in A, without history.</summary>
    /// <param name="a">C×C, symmetric positive definite.</param>
    /// <param name="root">R, C×C, symmetric positive definite, of the same type.</param>
    /// <returns>A scalar, and C×C values.</returns>
    public static (Tensor Trace, Tensor Slope) WithSlope(Tensor a, Tensor root)
    {
        using var _ = no_grad();
        // the product squares the condition of its factors, which is more than float32 can hold; what follows from its roots is not so
        var wide = root.to(ScalarType.Float64);
        var product = wide.mm(a.to(ScalarType.Float64)).mm(wide);
        if (a.device_type != DeviceType.CPU)
        {
            var (square, half) = Iterated(product);
            return (square.diagonal().sum().to(a.dtype), wide.mm(half).mm(wide).to(a.dtype));
        }
        var (roots, vectors) = Eigen(product);
        var turned = root.mm(vectors.to(a.dtype));
        return (roots.sum().to(a.dtype), (turned * (0.5 / roots).to(a.dtype)).mm(turned.t()));
    }

    /// <summary>A½ and ½·A^(−½) from the eigenvalues.</summary>
    internal static (Tensor Root, Tensor HalfInverse) Exact(Tensor a)
    {
        var (roots, vectors) = Eigen(a.to(ScalarType.Float64));
        return ((vectors * roots).mm(vectors.t()).to(a.dtype), (vectors * (0.5 / roots)).mm(vectors.t()).to(a.dtype));
    }

    /// <summary>
    /// The same by the coupled Newton–Schulz iteration (Higham, "Functions of Matrices", equation 6.35), with the scaling of Chen and
    /// Chow 2014 ("A stable scaling of Newton–Schulz for improving the sign function computation of a Hermitian matrix"): it stretches
    /// small eigenvalues by up to 6.75 in a step, plain steps by 2.25. Only matrix products, in float64, and always as many: a GPU need
    /// not be waited for. Eigenvalues below 10⁻¹⁴ of the largest come out too small.
    /// </summary>
    internal static (Tensor Root, Tensor HalfInverse) Iterated(Tensor a)
    {
        using var scope = NewDisposeScope();
        var wide = a.to(ScalarType.Float64);
        var norm = wide.square().sum().sqrt();
        var identity = eye(a.shape[0], dtype: ScalarType.Float64, device: a.device);
        var (y, z) = (wide / norm, identity);
        foreach (var factor in s_factors)
        {
            var t = z.mm(y).mul_(-0.5 * factor * factor * factor);
            t.diagonal().add_(1.5 * factor);
            (y, z) = (y.mm(t), t.mm(z));
        }
        var root = norm.sqrt();
        return ((y * root).to(a.dtype).MoveToOuterDisposeScope(), (z * (0.5 / root)).to(a.dtype).MoveToOuterDisposeScope());
    }

    /// <summary>ρ of each step: x becomes ½ρx·(3 − ρ²x²), which maps [l, 1] to [l', 1] with the largest l'.</summary>
    private static double[] Factors()
    {
        List<double> factors = [];
        for (var l = Math.Sqrt(Smallest); 1 - l > 1e-15;)
        {
            var factor = Math.Sqrt(3 / (1 + l + l * l));
            factors.Add(factor);
            l = Math.Min(1, 0.5 * factor * l * (3 - factor * factor * l * l));
        }
        factors.Add(1);
        return [.. factors];
    }

    /// <summary>Square roots of the eigenvalues, and the eigenvectors.</summary>
    private static (Tensor Roots, Tensor Vectors) Eigen(Tensor a)
    {
        var (values, vectors) = TorchParallel.OnOneThread(() => linalg.eigh(a));
        return (values.maximum(values.max() * Smallest).sqrt(), vectors);
    }
}

using NeuralStyle.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace NeuralStyle.Losses;

/// <summary>
/// Square roots of symmetric positive definite matrices. On the CPU exactly, by an eigendecomposition in float64; elsewhere by the
/// coupled Newton–Schulz iteration (Higham, "Functions of Matrices", equation 6.35) with as many steps as Crowson's
/// style-transfer-pytorch takes: it needs only matrix products, which accelerators are good at; a decomposition would block the queue.
/// </summary>
internal static class MatrixSquareRoot
{
    private const int Steps = 12;
    private const double Smallest = 1e-14; // of the largest eigenvalue; smaller values are rounding errors

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
        var (trace, slope) = Without(a, root);
        var linear = FixedSums.Sum(a * slope); // d/dA of this is the slope; its value is replaced by the trace
        return linear + (trace - linear.detach());

        static (Tensor Trace, Tensor Slope) Without(Tensor a, Tensor root)
        {
            using var _ = no_grad();
            var product = root.mm(a).mm(root);
            if (a.device_type != DeviceType.CPU)
            {
                var (square, half) = Iterated(product);
                return (square.diagonal().sum(), root.mm(half).mm(root));
            }
            var (roots, vectors) = Eigen(product);
            var turned = root.mm(vectors);
            return (roots.sum(), (turned * (0.5 / roots)).mm(turned.t()));
        }
    }

    /// <summary>A½ and ½·A^(−½) from the eigenvalues.</summary>
    internal static (Tensor Root, Tensor HalfInverse) Exact(Tensor a)
    {
        var (roots, vectors) = Eigen(a.to(ScalarType.Float64));
        return ((vectors * roots).mm(vectors.t()).to(a.dtype), (vectors * (0.5 / roots)).mm(vectors.t()).to(a.dtype));
    }

    /// <summary>
    /// The same by iteration; eigenvalues below about 10⁻⁴ of the largest come out too small. The half inverse is the solution Q of
    /// RQ + QR = I with the root R, by the Newton–Schulz iteration for Lyapunov equations (Lin and Maji 2017, "Improved bilinear
    /// pooling with CNNs"): with the identity on the right side every matrix in it commutes with R, which leaves only this.
    /// </summary>
    internal static (Tensor Root, Tensor HalfInverse) Iterated(Tensor a)
    {
        var norm = FixedSums.Sum(a.square()).sqrt();
        var identity = eye(a.shape[0], dtype: a.dtype, device: a.device);
        var three = identity * 3;
        var (y, z) = (a / norm, identity);
        for (var step = 0; step < Steps; step++)
        {
            var t = (three - z.mm(y)).mul_(0.5);
            (y, z) = (y.mm(t), t.mm(z));
        }
        var root = y * norm.sqrt();

        var scale = FixedSums.Sum(root.square()).sqrt();
        var (r, q) = (root / scale, identity / scale);
        for (var step = 0; step < Steps; step++)
        {
            var t = (three - r.mm(r)).mul_(0.5);
            (q, r) = (q.mm(t), r.mm(t));
        }
        return (root, q * 0.5);
    }

    /// <summary>Square roots of the eigenvalues, and the eigenvectors.</summary>
    private static (Tensor Roots, Tensor Vectors) Eigen(Tensor a)
    {
        var (values, vectors) = TorchParallel.OnOneThread(() => linalg.eigh(a));
        return (values.maximum(values.max() * Smallest).sqrt(), vectors);
    }
}

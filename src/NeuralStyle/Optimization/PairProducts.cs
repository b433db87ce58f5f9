using static TorchSharp.torch;

namespace NeuralStyle.Optimization;

/// <summary>
/// Inner products of the pairs (s, y) that L-BFGS keeps, and its two-loop recursion by them: the direction is a sum of multiples of
/// the pairs and the gradient, and the factors follow from products (Chen, Wang, Zhou 2014, "Large-scale L-BFGS using MapReduce"). A step
/// reads the pairs twice in all; vector by vector it would read each twice, and the direction with it, and write that after each.
/// </summary>
internal sealed class PairProducts
{
    private readonly List<List<double>> _ss = [], _sy = [], _yy = []; // symmetric; row i of _sy: sᵢ with each y

    /// <summary>Number of pairs.</summary>
    public int Count => _ss.Count;

    /// <summary>sᵀy, sᵀs and yᵀy of a pair, and its products with the others, to be added if the pair is kept.</summary>
    /// <param name="s">A step.</param>
    /// <param name="y">The change of the gradient.</param>
    /// <param name="pairs">The pairs counted so far.</param>
    public static NewPair Of(Tensor s, Tensor y, IReadOnlyList<(Tensor S, Tensor Y)> pairs)
    {
        var rows = PairLoops.Dots([s, y], Vectors([.. pairs, (s, y)]));
        return new NewPair(rows[0], rows[1]);
    }

    /// <summary>The same, and the products of the next steepest descent, all in one reading of the pairs.</summary>
    public static (NewPair Pair, Descent Descent) Of(Tensor s, Tensor y, Tensor q, IReadOnlyList<(Tensor S, Tensor Y)> pairs)
    {
        var rows = PairLoops.Dots([s, y, q], Vectors([.. pairs, (s, y)]));
        var count = pairs.Count + 1;
        return (new NewPair(rows[0], rows[1]), new Descent(rows[2][..count], rows[2][count..]));
    }

    /// <summary>Products of a steepest descent with the pairs.</summary>
    /// <param name="q">The steepest descent.</param>
    /// <param name="pairs">The pairs, at least one.</param>
    public static Descent Of(Tensor q, IReadOnlyList<(Tensor S, Tensor Y)> pairs)
    {
        var row = PairLoops.Dots([q], Vectors(pairs))[0];
        return new Descent(row[..pairs.Count], row[pairs.Count..]);
    }

    /// <summary>Adds a pair.</summary>
    public void Add(NewPair pair)
    {
        var (s, y) = (pair.WithS, pair.WithY); // with s₁ … sₘ, then y₁ … yₘ, the pair itself last of each
        var last = Count;
        for (var i = 0; i < last; i++)
        {
            _ss[i].Add(s[i]);
            _sy[i].Add(y[i]);
            _yy[i].Add(y[last + 1 + i]);
        }
        _ss.Add([.. s[..(last + 1)]]);
        _sy.Add([.. s[(last + 1)..]]);
        _yy.Add([.. y[(last + 1)..]]);
    }

    /// <summary>Drops the oldest pair.</summary>
    public void DropFirst()
    {
        foreach (var rows in (List<List<double>>[])[_ss, _sy, _yy])
        {
            rows.RemoveAt(0);
            foreach (var row in rows) row.RemoveAt(0);
        }
    }

    /// <summary>Drops all.</summary>
    public void Clear()
    {
        _ss.Clear();
        _sy.Clear();
        _yy.Clear();
    }

    /// <summary>The two-loop recursion (Nocedal and Wright, algorithm 7.4), in place.</summary>
    /// <param name="q">The steepest descent; becomes the direction.</param>
    /// <param name="with">Its products with the pairs.</param>
    /// <param name="pairs">The pairs, at least one.</param>
    public void Turn(Tensor q, Descent with, IReadOnlyList<(Tensor S, Tensor Y)> pairs)
    {
        var m = Count;
        var (ofS, ofY, ofQ, alphas) = (new double[m], new double[m], 1.0, new double[m]); // factors of the sum
        for (var i = m - 1; i >= 0; i--)
        {
            var product = ofQ * with.S[i];
            for (var j = 0; j < m; j++) product += ofS[j] * _ss[i][j] + ofY[j] * _sy[i][j];
            alphas[i] = product / _sy[i][i];
            ofY[i] -= alphas[i];
        }
        var scale = _sy[m - 1][m - 1] / _yy[m - 1][m - 1]; // γ = sᵀy / yᵀy, equation 7.20
        ofQ *= scale;
        for (var i = 0; i < m; i++) (ofS[i], ofY[i]) = (ofS[i] * scale, ofY[i] * scale);
        for (var i = 0; i < m; i++)
        {
            var product = ofQ * with.Y[i];
            for (var j = 0; j < m; j++) product += ofS[j] * _sy[j][i] + ofY[j] * _yy[i][j];
            ofS[i] += alphas[i] - product / _sy[i][i];
        }
        PairLoops.Combine(q, ofQ, Vectors(pairs), [.. ofS, .. ofY]);
    }

    private static Tensor[] Vectors(IReadOnlyList<(Tensor S, Tensor Y)> pairs) =>
        [.. pairs.Select(pair => pair.S), .. pairs.Select(pair => pair.Y)];

    /// <summary>Products of a steepest descent with each s and with each y.</summary>
    internal readonly record struct Descent(double[] S, double[] Y)
    {
        /// <summary>Without those of the oldest pair.</summary>
        public Descent WithoutFirst() => new(S[1..], Y[1..]);

        /// <summary>Without those of the newest pair.</summary>
        public Descent WithoutLast() => new(S[..^1], Y[..^1]);
    }

    /// <summary>Products of a new pair: of its s, and of its y, with all s and then all y, the pair's own last of each.</summary>
    internal readonly record struct NewPair(double[] WithS, double[] WithY)
    {
        /// <summary>sᵀy.</summary>
        public double Curvature => WithS[^1];

        /// <summary>sᵀs.</summary>
        public double SquareOfS => WithS[WithS.Length / 2 - 1];

        /// <summary>yᵀy.</summary>
        public double SquareOfY => WithY[^1];
    }
}

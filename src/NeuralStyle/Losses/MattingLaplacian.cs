using NeuralStyle.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace NeuralStyle.Losses;

/// <summary>
/// How far a picture is from one whose colours are, in every window of 3×3 pixels, an affine function of the photograph's: the photorealism
/// regularisation of Luan, Paris, Shechtman and Bala 2017 ("Deep Photo Style Transfer", equation 2), Σ over channels of xᵀ·M·x with the
/// matting Laplacian M of Levin, Lischinski and Weiss 2006. Lines and edges of the photograph cost nothing, new ones do. M is never built:
/// xᵀ·M·x is the sum over windows of the least |x − a·I − b|² + ε·|a|², which averages over windows give. Departures: divided by the
/// number of values, and ε is 10⁻⁴ instead of 10⁻⁷, so that strokes in areas without contrast count too.
/// </summary>
internal sealed class MattingLaplacian : IDisposable
{
    private const int Window = 3, Border = Window - 1;
    private const double Epsilon = 1e-4;
    private const long StripPixels = 1 << 16;
    private const long LargeStripPixels = 1 << 21; // of accelerators, where each kernel costs its start

    /// <summary>Rows and columns of the six values of a symmetric matrix of 3×3, and where the nine find them.</summary>
    private static readonly (int Row, int Column)[] Half = [(0, 0), (0, 1), (0, 2), (1, 1), (1, 2), (2, 2)];

    private static readonly int[][] Places = [[0, 1, 2], [1, 3, 4], [2, 4, 5]];

    private readonly Tensor _content; // 1×3×H×W
    private readonly Tensor _inverse; // 6×(H−2)×(W−2): (Σ + ε/9)⁻¹ of each window's colours

    /// <summary>Prepares the windows of a photograph.</summary>
    /// <param name="content">1×3×H×W in [0, 1]; copied.</param>
    public MattingLaplacian(Tensor content)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        _content = content.detach().clone().DetachFromDisposeScope();
        var (rows, columns) = (Math.Max(0, content.shape[2] - Border), Math.Max(0, content.shape[3] - Border));
        _inverse = empty([Half.Length, rows, columns], content.dtype, content.device).DetachFromDisposeScope();
        foreach (var (top, count) in Strips())
        {
            using var step = NewDisposeScope();
            var colours = _content.narrow(2, top, count + Border).to(ScalarType.Float64);
            _inverse.narrow(1, top, count).copy_(Inverse(colours));
        }
    }

    /// <summary>Adds the gradient of the loss to that of the other terms, strip by strip.</summary>
    /// <param name="image">1×3×H×W in [0, 1], of the photograph's size.</param>
    /// <param name="gradient">1×3×H×W; changed.</param>
    /// <param name="weight">Of the loss.</param>
    /// <returns>The loss, without its weight; owned by the caller.</returns>
    public Tensor AddGradient(Tensor image, Tensor gradient, double weight)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var value = zeros([], ScalarType.Float64, image.device);
        foreach (var (top, count) in Strips())
        {
            using var step = NewDisposeScope();
            var (x, product) = Multiply(image, top, count);
            value.add_(FixedSums.Sum(x * product).to(ScalarType.Float64));
            gradient.narrow(2, top, count + Border).add_(product, alpha: 2 * weight / image.numel());
        }
        return (value / image.numel()).to(image.dtype).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _content.Dispose();
        _inverse.Dispose();
    }

    /// <summary>The windows' rows in strips: the first row of windows, and their number.</summary>
    private IEnumerable<(long Top, long Count)> Strips()
    {
        var (rows, columns) = (_inverse.shape[1], _inverse.shape[2]);
        if (columns == 0) yield break;
        var most = Math.Max(1, (_content.device_type == DeviceType.CPU ? StripPixels : LargeStripPixels) / columns);
        for (var top = 0L; top < rows; top += most) yield return (top, Math.Min(most, rows - top));
    }

    /// <summary>The share of some windows in M·x.</summary>
    /// <returns>The pixels that the windows cover, and M·x there, 1×3×(count + 2)×W each.</returns>
    private (Tensor Pixels, Tensor Product) Multiply(Tensor image, long top, long count)
    {
        var (x, colours) = (image.narrow(2, top, count + Border), _content.narrow(2, top, count + Border));
        var inverse = _inverse.narrow(1, top, count);
        var channels = x.transpose(0, 1); // 3×1×h×W
        var (mean, channelMean) = (Mean(colours), Mean(channels));
        var covariance = Mean(channels * colours).sub_(channelMean * mean); // channel × colour × h × W
        var slopes = stack(Places.Select(row => row.Select((place, j) => covariance.select(1, j) * inverse[place])
            .Aggregate((sum, next) => sum.add_(next))).ToArray(), 1);
        var offsets = channelMean - (slopes * mean).sum(1, keepdim: true);
        var windows = Spread(ones([1, 1, count, x.shape[3] - Border], x.dtype, x.device));
        var fitted = (Spread(slopes) * colours).sum(1, keepdim: true).add_(Spread(offsets));
        return (x, (channels * windows).sub_(fitted).transpose(0, 1));
    }

    /// <summary>(Σ + ε/9)⁻¹ by cofactors.</summary>
    /// <param name="colours">1×3×(h + 2)×W, float64.</param>
    private static Tensor Inverse(Tensor colours)
    {
        var mean = Mean(colours)[0]; // 3×h×W
        var covariance = Half.Select(at =>
        {
            var product = colours.narrow(1, at.Row, 1) * colours.narrow(1, at.Column, 1);
            var value = Mean(product)[0, 0] - mean[at.Row] * mean[at.Column];
            return at.Row == at.Column ? value + Epsilon / (Window * Window) : value;
        }).ToArray();
        Tensor At(int row, int column) => covariance[Places[row][column]];
        var cofactors = Half.Select(at =>
        {
            var (r, s) = ((at.Row + 1) % 3, (at.Row + 2) % 3);
            var (c, d) = ((at.Column + 1) % 3, (at.Column + 2) % 3);
            return At(r, c) * At(s, d) - At(r, d) * At(s, c);
        }).ToArray();
        var determinant = At(0, 0) * cofactors[0] + At(0, 1) * cofactors[1] + At(0, 2) * cofactors[2];
        return stack(cofactors) / determinant;
    }

    /// <summary>Averages over windows of 3×3: N×C×h×w to N×C×(h − 2)×(w − 2).</summary>
    private static Tensor Mean(Tensor values) => Sum(values).div_(Window * Window);

    /// <summary>For each pixel the sum over the windows that hold it: N×C×h×w to N×C×(h + 2)×(w + 2).</summary>
    private static Tensor Spread(Tensor windows) => Sum(nn.functional.pad(windows, [Border, Border, Border, Border]));

    private static Tensor Sum(Tensor values)
    {
        foreach (var side in new[] { 2, 3 })
        {
            var length = values.shape[side] - Border;
            values = (values.narrow(side, 0, length) + values.narrow(side, 1, length)).add_(values.narrow(side, 2, length));
        }
        return values;
    }
}

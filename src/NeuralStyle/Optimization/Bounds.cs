using NeuralStyle.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace NeuralStyle.Optimization;

/// <summary>Bounds of every element of a variable, or none, and paths that bend at them.</summary>
/// <param name="range">Bounds of every element; null for none.</param>
internal sealed class Bounds((double Low, double High)? range)
{
    /// <summary>Moves what lies outside to the nearest bound, in place.</summary>
    public void Clamp(Tensor x)
    {
        if (range is var (low, high)) x.clamp_(low, high);
    }

    /// <summary>The point after a step along a direction.</summary>
    public Tensor Moved(Tensor x, Tensor direction, double step)
    {
        if (range is var (least, most) && PictureLoops.Take(x)) return PictureLoops.Moved(x, direction, step, least, most);
        var point = x.add(direction, alpha: step);
        Clamp(point);
        return point;
    }

    /// <summary>Removes the parts of a direction that lead out of the bounds, in place.</summary>
    public void Close(Tensor x, Tensor direction)
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
    /// <returns>A scalar in float64 on the device of the point.</returns>
    public Tensor Slope(Tensor point, Tensor direction, Tensor gradient)
    {
        if (range is not var (low, high)) return Strips.Dot(gradient, direction);
        if (PictureLoops.Take(point)) return tensor(PictureLoops.Slope(point, direction, gradient, low, high), ScalarType.Float64);
        var sum = zeros([], ScalarType.Float64, gradient.device);
        foreach (var strip in Strips.Of(point, direction, gradient))
        {
            var path = strip[1].clone();
            Close(strip[0], path);
            sum.add_(Strips.Dot(strip[2], path));
        }
        return sum;
    }
}

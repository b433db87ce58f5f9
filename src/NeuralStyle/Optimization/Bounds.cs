using NeuralStyle.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace NeuralStyle.Optimization;

/// <summary>Bounds of every element of a variable, or none, and paths that bend at them.</summary>
/// <param name="range">Bounds of every element; null for none.</param>
internal sealed class Bounds((double Low, double High)? range)
{
    /// <summary>The lower bound.</summary>
    public double Low => range?.Low ?? double.NegativeInfinity;

    /// <summary>The upper bound.</summary>
    public double High => range?.High ?? double.PositiveInfinity;

    /// <summary>Moves what lies outside to the nearest bound, in place.</summary>
    public void Clamp(Tensor x)
    {
        if (range is var (low, high)) x.clamp_(low, high);
    }

    /// <summary>The point after a step along a direction.</summary>
    public Tensor Moved(Tensor x, Tensor direction, double step)
    {
        if (PictureLoops.Take(x)) return PictureLoops.Moved(x, direction, step, Low, High);
        var point = x.add(direction, alpha: step);
        Clamp(point);
        return point;
    }

    /// <summary>
    /// Takes a step, in place: <paramref name="x"/> becomes the point after it, the direction the step made, and the gradient the change
    /// to the new one. At 268 megapixels each copy is 3 GB.
    /// </summary>
    public void Advance(Tensor x, Tensor direction, double step, Tensor gradient, Tensor newGradient)
    {
        using var next = Moved(x, direction, step);
        direction.copy_(next).sub_(x);
        x.copy_(next);
        gradient.neg_().add_(newGradient);
    }

    /// <summary>The steepest descent within the bounds: a new tensor.</summary>
    public Tensor Downhill(Tensor x, Tensor gradient)
    {
        if (PictureLoops.Take(x)) return PictureLoops.Downhill(x, gradient, Low, High);
        var direction = gradient.neg();
        Close(x, direction);
        return direction;
    }

    /// <summary>Removes the parts of a direction that lead out of the bounds, in place.</summary>
    /// <returns>The slope of what is left: a scalar in float64 on the device of the point.</returns>
    public Tensor Close(Tensor x, Tensor direction, Tensor gradient)
    {
        if (PictureLoops.Take(x)) return tensor(PictureLoops.Close(x, direction, gradient, Low, High), ScalarType.Float64);
        Close(x, direction);
        return Strips.Dot(direction, gradient);
    }

    /// <summary>The slope of the path at a point: elements at a bound move no further.</summary>
    /// <returns>A scalar in float64 on the device of the point.</returns>
    public Tensor Slope(Tensor point, Tensor direction, Tensor gradient)
    {
        if (PictureLoops.Take(point)) return tensor(PictureLoops.Slope(point, direction, gradient, Low, High), ScalarType.Float64);
        if (range is null) return Strips.Dot(gradient, direction);
        var sum = zeros([], ScalarType.Float64, gradient.device);
        foreach (var strip in Strips.Of(point, direction, gradient))
        {
            var path = strip[1].clone();
            Close(strip[0], path);
            sum.add_(Strips.Dot(strip[2], path));
        }
        return sum;
    }

    private void Close(Tensor x, Tensor direction)
    {
        if (range is not var (low, high)) return;
        foreach (var strip in Strips.Of(x, direction))
        {
            var (at, along) = (strip[0], strip[1]);
            var leaving = at.le(low).logical_and_(along.lt(0)).logical_or_(at.ge(high).logical_and_(along.gt(0)));
            along.masked_fill_(leaving, 0);
        }
    }
}

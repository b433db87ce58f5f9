using System.Numerics;

namespace NeuralStyle.Film;

/// <summary>
/// One level of <see cref="OpticalFlow"/>: minimises Σ |∇u| + λ·|I₁(x + u) − I₀(x)| by splitting, with v near u: a threshold for the
/// data, a dual step for the total variation.
/// </summary>
internal sealed class FlowSolver
{
    private const float Lambda = 0.15f; // weight of the data, for grey values of 0 to 255
    private const float Theta = 0.3f; // how closely v follows u
    private const float Tau = 0.25f; // dual step
    private const int Iterations = 30; // after each warp
    private const float Flat = 1e-6f; // squared gradient below which a pixel says nothing about the motion

    private readonly int _width, _height;
    private readonly float[] _from, _to, _slopeX, _slopeY; // slopes of the frame that is searched
    private readonly float[] _warpX, _warpY, _square, _constant; // the linearised data term
    private readonly Plane _x, _y;

    /// <param name="from">The frame whose pixels move.</param>
    /// <param name="to">The frame that is searched.</param>
    /// <param name="flow">The start; becomes the result.</param>
    public FlowSolver(GreyImage from, GreyImage to, FlowField flow)
    {
        (_width, _height, _from, _to) = (from.Width, from.Height, from.Values, to.Values);
        float[] New() => new float[_from.Length];
        (_slopeX, _slopeY, _warpX, _warpY, _square, _constant) = (New(), New(), New(), New(), New(), New());
        (_x, _y) = (new Plane(flow.X, New(), New(), New()), new Plane(flow.Y, New(), New(), New()));
        for (var y = 0; y < _height; y++)
        {
            for (var x = 0; x < _width; x++)
            {
                var at = y * _width + x;
                _slopeX[at] = 0.5f * (_to[at + (x + 1 < _width ? 1 : 0)] - _to[at - (x > 0 ? 1 : 0)]);
                _slopeY[at] = 0.5f * (_to[at + (y + 1 < _height ? _width : 0)] - _to[at - (y > 0 ? _width : 0)]);
            }
        }
    }

    /// <summary>One component of the flow, with its dual variables and the divergence of those.</summary>
    private sealed record Plane(float[] Flow, float[] DualX, float[] DualY, float[] Divergence);

    /// <summary>Linearises the frame around the flow so far, and improves the flow.</summary>
    public void Refine()
    {
        Linearise();
        for (var i = 0; i < Iterations; i++)
        {
            Diverge(_x);
            Diverge(_y);
            Threshold();
            Ascend(_x);
            Ascend(_y);
        }
        Median(_x.Flow);
        Median(_y.Flow);
    }

    private void Linearise()
    {
        for (var y = 0; y < _height; y++)
        {
            for (var x = 0; x < _width; x++)
            {
                var at = y * _width + x;
                var (u, v) = (_x.Flow[at], _y.Flow[at]);
                var (toX, toY) = (x + u, y + v);
                var outside = toX < 0 || toY < 0 || toX > _width - 1 || toY > _height - 1; // nothing is seen there
                var gx = outside ? 0 : Bilinear.At(_slopeX, _width, _height, toX, toY);
                var gy = outside ? 0 : Bilinear.At(_slopeY, _width, _height, toX, toY);
                (_warpX[at], _warpY[at], _square[at]) = (gx, gy, gx * gx + gy * gy);
                _constant[at] = outside ? 0 : Bilinear.At(_to, _width, _height, toX, toY) - gx * u - gy * v - _from[at];
            }
        }
    }

    /// <summary>The data term, pixel by pixel, and the step towards a smooth flow.</summary>
    private void Threshold()
    {
        var (most, step, count, i) = (Lambda * Theta, new Vector<float>(Lambda * Theta), _from.Length, 0);
        for (; i <= count - Vector<float>.Count; i += Vector<float>.Count)
        {
            var (gx, gy, square) = (new Vector<float>(_warpX, i), new Vector<float>(_warpY, i), new Vector<float>(_square, i));
            var (u, v) = (new Vector<float>(_x.Flow, i), new Vector<float>(_y.Flow, i));
            var residual = new Vector<float>(_constant, i) + gx * u + gy * v;
            // −ρ/|∇|², between −λθ and λθ; 0 where the picture is flat
            var share = -residual / Vector.Max(square, new Vector<float>(Flat));
            share = Vector.Max(-step, Vector.Min(step, share));
            share = Vector.ConditionalSelect(Vector.LessThan(square, new Vector<float>(Flat)), Vector<float>.Zero, share);
            (u + share * gx + new Vector<float>(Theta) * new Vector<float>(_x.Divergence, i)).CopyTo(_x.Flow, i);
            (v + share * gy + new Vector<float>(Theta) * new Vector<float>(_y.Divergence, i)).CopyTo(_y.Flow, i);
        }
        for (; i < count; i++)
        {
            var residual = _constant[i] + _warpX[i] * _x.Flow[i] + _warpY[i] * _y.Flow[i];
            var share = _square[i] < Flat ? 0 : Math.Clamp(-residual / _square[i], -most, most);
            _x.Flow[i] = _x.Flow[i] + share * _warpX[i] + Theta * _x.Divergence[i];
            _y.Flow[i] = _y.Flow[i] + share * _warpY[i] + Theta * _y.Divergence[i];
        }
    }

    /// <summary>The divergence of the dual variables: backward differences.</summary>
    private void Diverge(Plane plane)
    {
        for (var y = 0; y < _height; y++)
        {
            var (row, x) = (y * _width, 1);
            plane.Divergence[row] = plane.DualX[row] + Down(row);
            for (; y > 0 && x <= _width - Vector<float>.Count; x += Vector<float>.Count)
            {
                var at = row + x;
                (new Vector<float>(plane.DualX, at) - new Vector<float>(plane.DualX, at - 1)
                    + new Vector<float>(plane.DualY, at) - new Vector<float>(plane.DualY, at - _width)).CopyTo(plane.Divergence, at);
            }
            for (; x < _width; x++) plane.Divergence[row + x] = plane.DualX[row + x] - plane.DualX[row + x - 1] + Down(row + x);

            float Down(int at) => plane.DualY[at] - (y > 0 ? plane.DualY[at - _width] : 0);
        }
    }

    /// <summary>The dual step: forward differences of the flow.</summary>
    private void Ascend(Plane plane)
    {
        const float rate = Tau / Theta;
        for (var y = 0; y < _height; y++)
        {
            var (row, x) = (y * _width, 0);
            for (; y + 1 < _height && x + Vector<float>.Count < _width; x += Vector<float>.Count)
            {
                var at = row + x;
                var here = new Vector<float>(plane.Flow, at);
                var across = new Vector<float>(plane.Flow, at + 1) - here;
                var down = new Vector<float>(plane.Flow, at + _width) - here;
                var divisor = Vector<float>.One + new Vector<float>(rate) * Vector.SquareRoot(across * across + down * down);
                ((new Vector<float>(plane.DualX, at) + new Vector<float>(rate) * across) / divisor).CopyTo(plane.DualX, at);
                ((new Vector<float>(plane.DualY, at) + new Vector<float>(rate) * down) / divisor).CopyTo(plane.DualY, at);
            }
            for (; x < _width; x++)
            {
                var at = row + x;
                var across = x + 1 < _width ? plane.Flow[at + 1] - plane.Flow[at] : 0;
                var down = y + 1 < _height ? plane.Flow[at + _width] - plane.Flow[at] : 0;
                var divisor = 1 + rate * MathF.Sqrt(across * across + down * down);
                plane.DualX[at] = (plane.DualX[at] + rate * across) / divisor;
                plane.DualY[at] = (plane.DualY[at] + rate * down) / divisor;
            }
        }
    }

    /// <summary>The median of 3×3 pixels: removes outliers and keeps edges.</summary>
    private void Median(float[] plane)
    {
        plane.CopyTo(_constant, 0); // free until the next warp
        Span<float> nine = stackalloc float[9];
        for (var y = 0; y < _height; y++)
        {
            for (var x = 0; x < _width; x++)
            {
                for (var i = 0; i < 9; i++)
                {
                    var (column, row) = (Math.Clamp(x + i % 3 - 1, 0, _width - 1), Math.Clamp(y + i / 3 - 1, 0, _height - 1));
                    nine[i] = _constant[row * _width + column];
                }
                nine.Sort();
                plane[y * _width + x] = nine[4];
            }
        }
    }
}

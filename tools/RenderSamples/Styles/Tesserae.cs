using System.Numerics;
using NeuralStyle.Reduction.Rendering;

namespace RenderSamples.Styles;

/// <summary>The tile at a position: its number, its centre, and how far its rim is.</summary>
internal readonly record struct Tile(int Index, Vector2 Centre, float Gap);

/// <summary>
/// A plane divided into near-square tiles that turn with a field of directions: a centroidal Voronoi diagram under a rotated
/// maximum norm (Hausner, Simulating Decorative Mosaics, SIGGRAPH 2001).
/// </summary>
internal sealed class Tesserae
{
    private readonly float _size;
    private readonly int _columns;
    private readonly int _rows;
    private readonly Vector2[] _centres;
    private readonly Vector2[] _axes;
    private readonly List<int>[] _cells;

    public Tesserae(float aspect, float size, Func<Vector2, Vector2> direction, int seed)
    {
        _size = size;
        (_columns, _rows) = ((int)MathF.Ceiling(aspect / size) + 2, (int)MathF.Ceiling(1 / size) + 2);
        _cells = new List<int>[_columns * _rows];
        _centres = new Vector2[_columns * _rows];
        for (var i = 0; i < _centres.Length; i++)
        {
            var jitter = new Vector2(Noise.Hash(i, 1, seed), Noise.Hash(i, 2, seed));
            _centres[i] = size * (new Vector2(i % _columns - 1, i / _columns - 1) + jitter);
        }
        _axes = [.. _centres.Select(direction)];
        Index();
        for (var round = 0; round < 14; round++) Relax(direction);
    }

    /// <summary>Finds the nearest tile and the distance to the rim between it and the second nearest.</summary>
    public Tile Find(Vector2 p)
    {
        var (column, row) = (Column(p), Row(p));
        var (best, first, second) = (0, float.MaxValue, float.MaxValue);
        for (var y = Math.Max(0, row - 2); y <= Math.Min(_rows - 1, row + 2); y++)
        {
            for (var x = Math.Max(0, column - 2); x <= Math.Min(_columns - 1, column + 2); x++)
            {
                foreach (var i in _cells[y * _columns + x])
                {
                    var distance = Distance(i, p);
                    if (distance < first) (best, second, first) = (i, first, distance);
                    else if (distance < second) second = distance;
                }
            }
        }
        return new Tile(best, _centres[best], (second - first) / 2);
    }

    private float Distance(int i, Vector2 p)
    {
        var (d, axis) = (p - _centres[i], _axes[i]);
        return MathF.Max(MathF.Abs(Vector2.Dot(d, axis)), MathF.Abs(d.X * axis.Y - d.Y * axis.X));
    }

    /// <summary>Moves every centre to the middle of its tile (one step of Lloyd's algorithm on a grid of samples).</summary>
    private void Relax(Func<Vector2, Vector2> direction)
    {
        const int samples = 5; // per tile and axis
        var step = _size / samples;
        var sums = new Vector3[_centres.Length]; // x, y, count
        for (var y = -samples; y < (_rows - 1) * samples; y++)
        {
            for (var x = -samples; x < (_columns - 1) * samples; x++)
            {
                var p = step * new Vector2(x + 0.5f, y + 0.5f);
                sums[Find(p).Index] += new Vector3(p, 1);
            }
        }
        for (var i = 0; i < _centres.Length; i++)
        {
            if (sums[i].Z > 0) _centres[i] = new Vector2(sums[i].X, sums[i].Y) / sums[i].Z;
            _axes[i] = direction(_centres[i]);
        }
        Index();
    }

    private void Index()
    {
        for (var i = 0; i < _cells.Length; i++) _cells[i] = [];
        for (var i = 0; i < _centres.Length; i++) _cells[Row(_centres[i]) * _columns + Column(_centres[i])].Add(i);
    }

    private int Column(Vector2 p) => Math.Clamp((int)MathF.Floor(p.X / _size) + 1, 0, _columns - 1);

    private int Row(Vector2 p) => Math.Clamp((int)MathF.Floor(p.Y / _size) + 1, 0, _rows - 1);
}

namespace NeuralStyle.Runtime.Lanes;

/// <summary>A factor of a <see cref="PanelProduct"/> in memory.</summary>
/// <param name="data">Its first value.</param>
/// <param name="step">Floats from one row of the left factor to the next; columns of the right one have no gaps.</param>
/// <param name="next">Floats from one term of a sum to the next.</param>
internal readonly unsafe struct Strided(float* data, nint step, nint next)
{
    /// <summary>Floats from row to row.</summary>
    public nint Step => step;

    /// <summary>Floats from term to term.</summary>
    public nint Next => next;

    /// <summary>Where a row begins.</summary>
    public float* Row(nint row) => data + row * step;
}

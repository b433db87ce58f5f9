using static TorchSharp.torch;

namespace NeuralStyle.Runs;

/// <summary>
/// Detects when the loss of a scale has flattened: when its best value fell by no more than <see cref="Least"/> over the last so many
/// iterations. The best counts, not the last: Adam's losses and a line search's fresh starts go up and down.
/// </summary>
/// <param name="iterations">Number of iterations to look back; null: no loss is ever flat, and none is read.</param>
internal sealed class Patience(int? iterations)
{
    /// <summary>The relative decrease of the best loss over these iterations that lets the scale continue.</summary>
    public const double Least = 0.01;

    private readonly Queue<double> _best = new(); // the best up to each of the last iterations, oldest first, and one before them

    private double _least = double.PositiveInfinity; // the best of all

    /// <summary>Whether the losses are needed at all: on a GPU each read waits for the device.</summary>
    public bool Watches => iterations is not null;

    /// <summary>Whether the loss has flattened. Depends only on the losses, so a continued run gets the same answer.</summary>
    /// <remarks>A loss that has never been finite is not flat.</remarks>
    public bool Flat => _best.Count > iterations && _best.Peek() - _least <= Least * Math.Abs(_best.Peek());

    /// <summary>Adds the total loss of one iteration; values that are not finite do not count.</summary>
    public void Add(double total)
    {
        if (total < _least) _least = total;
        _best.Enqueue(_least);
        if (_best.Count > iterations + 1) _best.Dequeue();
    }

    /// <summary>Starts again, for another scale.</summary>
    public void Reset()
    {
        _best.Clear();
        _least = double.PositiveInfinity;
    }

    /// <summary>The state that further answers depend on, by name.</summary>
    public Dictionary<string, Tensor> SaveState() =>
        _best.Count == 0 ? [] : new() { ["best"] = tensor(_best.ToArray(), ScalarType.Float64) };

    /// <summary>Takes over what <see cref="SaveState"/> gave, and its tensors.</summary>
    public void RestoreState(IReadOnlyDictionary<string, Tensor> state)
    {
        Reset();
        if (!state.TryGetValue("best", out var best)) return;
        using var host = best.cpu();
        best.Dispose();
        foreach (var total in host.data<double>().ToArray()) _best.Enqueue(_least = total);
    }
}

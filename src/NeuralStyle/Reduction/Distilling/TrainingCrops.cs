using TorchSharp;
using static TorchSharp.torch;

namespace NeuralStyle.Reduction.Distilling;

/// <summary>
/// Draws what each step trains on: random windows of random pictures, half of them mirrored, half of them brighter or darker.
/// Numbers are drawn on the CPU, for many steps at a time, so that no step waits for a copy to the GPU.
/// </summary>
/// <param name="store">The pictures.</param>
/// <param name="settings">Number and size of the windows, seed and device.</param>
internal sealed class TrainingCrops(CropStore store, DistillationSettings settings) : IDisposable
{
    private const int Ahead = 256; // steps
    private const double LeastGain = 0.7, LargestGain = 1.3;

    private readonly Random _random = new(settings.Seed);
    private Tensor? _gains, _mirrored; // Ahead×N×1×1×1
    private int _next = Ahead;

    /// <summary>The pictures of the next step, N×3×side×side in [0, 1]; the caller owns them.</summary>
    public Tensor Next()
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        if (_next == Ahead) Draw();
        var side = settings.Window;
        var windows = new Tensor[settings.Batch];
        for (var i = 0; i < windows.Length; i++)
        {
            var (picture, x, y) = (_random.Next(store.Count - store.HeldOut), _random.Next(store.Size - side + 1),
                _random.Next(store.Size - side + 1));
            windows[i] = store.Window(picture, x, y, side);
        }
        var crops = cat(windows).to(float32).mul_(_gains![_next]).clamp_(0, 1);
        crops = where(_mirrored![_next], crops.flip(3), crops);
        _next++;
        return crops.MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _gains?.Dispose();
        _mirrored?.Dispose();
    }

    private void Draw()
    {
        Dispose();
        var (gains, mirrored) = (new float[Ahead * settings.Batch], new bool[Ahead * settings.Batch]);
        for (var i = 0; i < gains.Length; i++)
        {
            var gain = _random.Next(2) == 0 ? 1 : LeastGain + (LargestGain - LeastGain) * _random.NextDouble();
            (gains[i], mirrored[i]) = ((float)(gain / 255), _random.Next(2) == 0);
        }
        long[] shape = [Ahead, settings.Batch, 1, 1, 1];
        _gains = tensor(gains, shape).to(settings.Device ?? CPU).DetachFromDisposeScope();
        _mirrored = tensor(mirrored, shape).to(settings.Device ?? CPU).DetachFromDisposeScope();
        _next = 0;
    }
}

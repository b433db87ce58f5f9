using NeuralStyle.Vgg;
using TorchSharp;
using static TorchSharp.torch;

namespace NeuralStyle.Reduction;

/// <summary>
/// Trains the last layers of a reduced network together, after each was fitted alone. A fit of one layer reproduces values before the
/// ReLU, and knows nothing of the layers above it. Here all layers are changed at once, by Adam (Kingma and Ba 2015), so that the
/// activations after the ReLU come nearer to the teacher's.
/// The loss is Σ over layers of w · Σ(r − t)² / Σt², with smaller weights for layers that losses of style transfer seldom use.
/// </summary>
internal sealed class Refinement : IDisposable
{
    private const int Batch = 8; // pictures in a step
    private const double LearningRate = 0.004; // relative to the root mean square of each kernel
    private const float SeldomUsed = 0.3f;

    private readonly IReadOnlyList<ConvolutionWeights> _layers;
    private readonly Func<int, Tensor> _input;
    private readonly Func<int, VggLayer, Tensor> _target;
    private readonly TrainedLayers _trained;
    private readonly Dictionary<VggLayer, double> _energy = []; // of one picture, on average

    /// <summary>Prepares; copies the weights.</summary>
    /// <param name="layers">The layers to train, in order of depth; the first begins a block.</param>
    /// <param name="padding">Padding of the network.</param>
    /// <param name="input">The input of the first layer for a picture, 1×I×h×w, before padding.</param>
    /// <param name="target">The teacher's activations after the ReLU for a picture and a layer, 1×N×h×w, of the chosen channels.</param>
    public Refinement(IReadOnlyList<ConvolutionWeights> layers, PaddingMode padding, Func<int, Tensor> input,
        Func<int, VggLayer, Tensor> target)
    {
        (_layers, _input, _target) = (layers, input, target);
        _trained = new TrainedLayers(layers, padding);
    }

    /// <summary>Trains.</summary>
    /// <param name="fitted">The pictures to train on.</param>
    /// <param name="steps">Number of steps of Adam.</param>
    /// <param name="progress">Called after each step with its number, from 1.</param>
    /// <param name="token">Ends the work.</param>
    public void Run(int[] fitted, int steps, Action<int> progress, CancellationToken token)
    {
        MeasureEnergy(fitted);
        var random = new Random(0);
        var (order, next) = ((int[])fitted.Clone(), fitted.Length);
        for (var step = 1; step <= steps; step++)
        {
            token.ThrowIfCancellationRequested();
            var batch = new int[Math.Min(Batch, fitted.Length)];
            for (var i = 0; i < batch.Length; i++)
            {
                if (next == order.Length)
                {
                    random.Shuffle(order);
                    next = 0;
                }
                batch[i] = order[next++];
            }
            var rate = LearningRate * 0.5 * (1 + Math.Cos(Math.PI * (step - 1) / steps));
            Step(batch, rate);
            progress(step);
        }
    }

    /// <summary>Relative squared error of each layer after the ReLU, over some pictures.</summary>
    public IReadOnlyDictionary<VggLayer, double> Errors(int[] pictures)
    {
        using var noGradient = no_grad();
        var sums = _layers.ToDictionary(layer => layer.Layer, _ => (Error: 0.0, Energy: 0.0));
        foreach (var picture in pictures)
        {
            using var scope = NewDisposeScope();
            foreach (var (layer, result) in _trained.Forward(_input(picture)))
            {
                var target = _target(picture, layer);
                var (error, energy) = sums[layer];
                sums[layer] = (error + (result - target).square().sum(float64).item<double>(),
                    energy + target.square().sum(float64).item<double>());
            }
        }
        return sums.ToDictionary(pair => pair.Key, pair => pair.Value.Error / Math.Max(pair.Value.Energy, double.Epsilon));
    }

    /// <summary>The trained layers.</summary>
    public IReadOnlyList<ConvolutionWeights> Layers() => _trained.Weights();

    /// <inheritdoc/>
    public void Dispose() => _trained.Dispose();

    /// <summary>How much the error of a layer counts.</summary>
    internal static double Weight(VggLayer layer) =>
        layer.Index == 1 || layer is { Block: 4, Index: 2 } ? 1 : SeldomUsed;

    private void MeasureEnergy(int[] pictures)
    {
        foreach (var layer in _layers)
        {
            var sum = 0.0;
            foreach (var picture in pictures)
            {
                using var target = _target(picture, layer.Layer);
                using var square = target.square();
                using var energy = square.sum(float64);
                sum += energy.item<double>();
            }
            _energy[layer.Layer] = Math.Max(sum / pictures.Length, double.Epsilon);
        }
    }

    private void Step(int[] batch, double rate)
    {
        using var gradients = enable_grad();
        using var scope = NewDisposeScope();
        Tensor loss = zeros(1);
        foreach (var (layer, result) in _trained.Forward(cat(batch.Select(_input).ToArray())))
        {
            var target = cat(batch.Select(picture => _target(picture, layer)).ToArray());
            loss += (result - target).square().sum() * (Weight(layer) / (batch.Length * _energy[layer]));
        }
        _trained.Parameters.Step([.. autograd.grad([loss], [.. _trained.Parameters.Values])], rate);
    }
}

using NeuralStyle.Runtime;
using NeuralStyle.Vgg;
using TorchSharp;
using static TorchSharp.torch;

namespace NeuralStyle.Reduction.Distilling;

/// <summary>
/// Trains all layers of a reduced network at once, so that their activations after the ReLU come nearer to those of the teacher that it was
/// reduced from. The teacher computes its activations for fresh crops in every step, so that no crop is seen twice.
/// On the CPU the same networks, pictures, settings and thread count give the same network.
/// </summary>
internal sealed class Distillation : IDisposable
{
    /// <summary>Steps between reports.</summary>
    public const int ReportEvery = 250;

    private const int MatchPictures = 64, MeasureBatch = 8;
    private const int WarmUp = 200; // steps
    private const double AverageDecay = 0.999;

    private readonly VggWeights _student, _teacher;
    private readonly CropStore _store;
    private readonly DistillationSettings _settings;
    private readonly IProgress<DistillationProgress>? _progress;
    private readonly CancellationToken _token;
    private readonly Device _device;
    private readonly PaddingMode _padding;
    private readonly VggLayer[] _layers;
    private readonly InputTransform _input, _teacherInput;
    private readonly PlainNetwork _large;
    private readonly TrainedLayers _trained;
    private readonly Dictionary<VggLayer, Tensor> _channels = [];
    private readonly Dictionary<VggLayer, double> _energy = []; // of the matched channels, for each pixel of a crop

    private Distillation(VggWeights student, VggWeights teacher, CropStore store, DistillationSettings settings,
        IProgress<DistillationProgress>? progress, CancellationToken token)
    {
        (_student, _teacher, _store, _settings, _progress, _token) = (student, teacher, store, settings, progress, token);
        _device = settings.Device ?? CPU;
        _padding = student.Padding ?? PaddingMode.Replicate; // the teacher's, when it was reduced
        _layers = [.. student.Convolutions.Select(convolution => convolution.Layer)];
        _input = new InputTransform(student.Preprocessing, float32, _device);
        _teacherInput = new InputTransform(teacher.Preprocessing, float32, _device);
        _large = new PlainNetwork([.. teacher.Convolutions], _teacherInput, new NetworkOptions(Pooling.Max, _padding), float32, _device,
            ComputeTuning.PrefersChannelsLast(_device, float32));
        _trained = new TrainedLayers(student.Convolutions, _padding, _device);
    }

    /// <summary>Trains.</summary>
    /// <param name="student">The reduced network.</param>
    /// <param name="teacher">The network that it was reduced from.</param>
    /// <param name="open">Opens the pictures to train on; called once for each thread that reads them.</param>
    /// <param name="settings">Steps, batch, device.</param>
    /// <param name="progress">Receives reports, one at a time; null for none.</param>
    /// <param name="token">Ends the work with an <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="InvalidInputException">The student was not reduced from the teacher, or the pictures do not fit.</exception>
    /// <exception cref="RunFailedException">The training diverged.</exception>
    public static DistilledNetwork Run(VggWeights student, VggWeights teacher, Func<ISamplePictures> open, DistillationSettings settings,
        IProgress<DistillationProgress>? progress = null, CancellationToken token = default)
    {
        DistillationChecks.Check(student, teacher);
        var first = open();
        using var owned = first as IDisposable;
        DistillationChecks.Check(student, first, settings);
        var device = settings.Device ?? CPU;
        if (device.type == DeviceType.CUDA)
            ComputeTuning.Use(device, new ComputeSettings(ConvolutionPrecision.Tf32, Search: LibtorchSwitches.Searches() is not null));
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        using var store = new CropStore(open, first, device, progress, token);
        using var distillation = new Distillation(student.InRgbOrder(), teacher.InRgbOrder(), store, settings, progress, token);
        return distillation.Run();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var channels in _channels.Values) channels.Dispose();
        _trained.Dispose();
        _large.Dispose();
        _teacherInput.Dispose();
        _input.Dispose();
    }

    private DistilledNetwork Run()
    {
        _progress?.Report(new DistillationProgress("matching channels", 0, 1));
        Match();
        var before = Errors();
        DistilledLayer[] layers = [.. _student.Convolutions.Select(convolution => new DistilledLayer(convolution.Layer,
            convolution.OutChannels, Channels(_teacher, convolution.Layer), before[convolution.Layer]))];
        _progress?.Report(new DistillationProgress("training", 0, _settings.Steps, Layers: layers));
        Train();
        var last = Errors();
        _trained.Parameters.SwapAverage();
        var average = Errors();
        var averaged = Score(average) < Score(last);
        if (!averaged) _trained.Parameters.SwapAverage();
        var after = averaged ? average : last;
        return new DistilledNetwork(_student with { Convolutions = _trained.Weights() },
            [.. layers.Select(layer => layer with { After = after[layer.Layer] })], averaged);
    }

    /// <summary>Finds the teacher's channels, and measures their energy.</summary>
    private void Match()
    {
        using var scope = NewDisposeScope();
        var matches = _layers.ToDictionary(layer => layer, layer => new ChannelMatch(layer, Channels(_student, layer),
            Channels(_teacher, layer), _device));
        var energies = _layers.ToDictionary(layer => layer, layer => zeros([Channels(_teacher, layer)], float64, _device));
        var training = _store.Count - _store.HeldOut;
        var count = Math.Min(MatchPictures, training);
        for (var i = 0; i < count; i++)
        {
            _token.ThrowIfCancellationRequested();
            using var inner = NewDisposeScope();
            var picture = _store.Whole((int)((long)training * i / count), 1);
            var targets = Targets(picture);
            foreach (var (layer, result) in _trained.Forward(_input.Apply(picture)))
            {
                matches[layer].Add(result, targets[layer]);
                energies[layer].add_(targets[layer].square().sum([0, 2, 3], false, float64));
            }
        }
        foreach (var (layer, match) in matches)
        {
            long[] channels = [.. match.Find(_student.Name, _teacher.Name).Select(channel => (long)channel)];
            _channels[layer] = tensor(channels).to(_device).DetachFromDisposeScope();
            var energy = energies[layer].index_select(0, _channels[layer]).sum().item<double>();
            _energy[layer] = Math.Max(energy / ((double)count * _store.Size * _store.Size), 1e-30);
        }
    }

    private void Train()
    {
        using var crops = new TrainingCrops(_store, _settings);
        using var sum = zeros([1], float32, _device);
        var (steps, warmUp) = (_settings.Steps, Math.Min(WarmUp, _settings.Steps / 10));
        for (var step = 1; step <= steps; step++)
        {
            _token.ThrowIfCancellationRequested();
            var rate = _settings.LearningRate * Math.Min(1, step / (warmUp + 1.0)) * 0.5 * (1 + Math.Cos(Math.PI * (step - 1) / steps));
            Step(crops, sum, rate);
            if (step > warmUp) _trained.Parameters.Average(AverageDecay);
            if (step % ReportEvery == 0 || step == steps) Report(step, sum);
        }
    }

    private void Step(TrainingCrops crops, Tensor sum, double rate)
    {
        using var scope = NewDisposeScope();
        var pictures = crops.Next();
        var targets = Targets(pictures);
        var positions = (double)pictures.shape[0] * pictures.shape[2] * pictures.shape[3];
        using var gradients = enable_grad();
        Tensor? loss = null;
        foreach (var (layer, result) in _trained.Forward(_input.Apply(pictures)))
        {
            var target = targets[layer].index_select(1, _channels[layer]);
            var error = nn.functional.mse_loss(result, target, nn.Reduction.Sum) * (Weight(layer) / (positions * _energy[layer]));
            loss = loss is null ? error : loss + error;
        }
        _trained.Parameters.Step([.. autograd.grad([loss!], [.. _trained.Parameters.Values])], rate);
        using var noGradient = no_grad();
        sum.add_(loss!.detach());
    }

    /// <summary>The only place where training waits for the device.</summary>
    private void Report(int step, Tensor sum)
    {
        using var scope = NewDisposeScope();
        var since = (step - 1) % ReportEvery + 1;
        var loss = sum.item<float>() / since;
        sum.zero_();
        if (!float.IsFinite(loss)) throw new RunFailedException($"the training diverged before step {step}: its loss is no number");
        _progress?.Report(new DistillationProgress("training", step, _settings.Steps, loss));
    }

    /// <summary>Relative squared error of each layer over the pictures kept aside.</summary>
    private Dictionary<VggLayer, double> Errors()
    {
        using var scope = NewDisposeScope();
        var sums = _layers.ToDictionary(layer => layer, _ => zeros([2], float64, _device)); // of the error, of the target
        for (var first = _store.Count - _store.HeldOut; first < _store.Count; first += MeasureBatch)
        {
            _token.ThrowIfCancellationRequested();
            using var inner = NewDisposeScope();
            var pictures = _store.Whole(first, Math.Min(MeasureBatch, _store.Count - first));
            var targets = Targets(pictures);
            foreach (var (layer, result) in _trained.Forward(_input.Apply(pictures)))
            {
                var target = targets[layer].index_select(1, _channels[layer]);
                sums[layer].add_(stack([(result - target).square().sum(float64), target.square().sum(float64)]));
            }
        }
        return sums.ToDictionary(pair => pair.Key, pair =>
        {
            using var values = pair.Value.cpu();
            var both = values.data<double>().ToArray();
            return both[0] / Math.Max(both[1], double.Epsilon);
        });
    }

    private Dictionary<VggLayer, Tensor> Targets(Tensor pictures)
    {
        using var noGradient = no_grad();
        return _large.Forward(_large.InLayout(pictures), _layers, _padding, from: 1);
    }

    private static double Score(Dictionary<VggLayer, double> errors) => errors.Sum(pair => Weight(pair.Key) * pair.Value);

    private static double Weight(VggLayer layer) => layer is { Block: 4, Index: 1 or 2 } or { Block: 5, Index: 1 }
        ? 2 // what styles and contents are usually compared at
        : Refinement.Weight(layer);

    private static int Channels(VggWeights network, VggLayer layer) =>
        network.Convolutions.First(convolution => convolution.Layer == layer).OutChannels;
}

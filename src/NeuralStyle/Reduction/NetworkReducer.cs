using NeuralStyle.Vgg;
using TorchSharp;
using static TorchSharp.torch;

namespace NeuralStyle.Reduction;

/// <summary>
/// Makes a smaller network that imitates chosen channels of a larger one, its teacher. Layer after layer, it chooses channels
/// (<see cref="ChannelChoice"/>) and fits kernels in closed form (<see cref="LayerFit"/>). Each layer is fitted to the real activations
/// of the reduced layers below, so errors do not accumulate. Memory does not grow with the number of pictures.
/// The same teacher, pictures, settings and thread count give the same network.
/// </summary>
internal static class NetworkReducer
{
    private const int BatchPositions = 1 << 14; // enough for matrix products at full speed
    private const int ChoicePictures = 256; // a covariance of 512 channels needs no more
    private const int FewestPictures = 300; // the minimum, for layers with so many positions that fewer would seem enough
    private const int PositionsPerUnknown = 1000;

    /// <summary>Reduces a network.</summary>
    /// <param name="teacher">The network to imitate.</param>
    /// <param name="pictures">What to imitate it on; some are kept aside to measure errors.</param>
    /// <param name="settings">Widths and ridge.</param>
    /// <param name="progress">Receives reports on the calling thread; null for none.</param>
    /// <param name="token">Ends the work with an <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="InvalidInputException">
    /// The widths do not fit the teacher, or there are too few pictures for the number of weights.
    /// </exception>
    /// <exception cref="RunFailedException">The temporary files cannot be written.</exception>
    public static ReducedNetwork Reduce(VggWeights teacher, ISamplePictures pictures, ReductionSettings settings,
        IProgress<ReductionProgress>? progress = null, CancellationToken token = default)
    {
        ReductionChecks.Check(teacher, pictures, settings);
        var folder = Path.Combine(settings.WorkFolder ?? Path.GetTempPath(), $".nst-reduce-{Environment.ProcessId}-{Guid.NewGuid():N}");
        try
        {
            Directory.CreateDirectory(folder);
            using var noGradient = no_grad();
            using var scope = NewDisposeScope();
            return new Reduction(teacher.InRgbOrder(), pictures, settings, folder, progress, token).Run();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new RunFailedException(
                $"cannot keep activations in '{Path.GetDirectoryName(folder)}': {failure.Message.TrimEnd('.')}; choose a folder with "
                    + $"more room", failure);
        }
        finally
        {
            if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        }
    }

    private sealed class Reduction(VggWeights teacher, ISamplePictures pictures, ReductionSettings settings, string folder,
        IProgress<ReductionProgress>? progress, CancellationToken token)
    {
        private readonly PaddingMode _padding = teacher.Padding ?? PaddingMode.Replicate;
        private readonly int[] _fitted = [.. Enumerable.Range(0, pictures.Count - pictures.HeldOut)];
        private readonly int[] _heldOut = [.. Enumerable.Range(pictures.Count - pictures.HeldOut, pictures.HeldOut)];
        private readonly ConvolutionWeights[] _convolutions =
            [.. teacher.Convolutions.Where(convolution => convolution.Layer.Block <= settings.Widths.Count)];

        private NetworkOptions Options => new(Pooling.Max, _padding);

        public ReducedNetwork Run()
        {
            using var images = ReadPictures();
            using var input = new InputTransform(teacher.Preprocessing, float32, CPU);
            using var large = new VggNetwork(teacher, Options, deepest: _convolutions[^1].Layer);
            var chosen = Choose(large, images);
            List<ConvolutionWeights> reduced = [];
            List<LayerError> errors = [];
            using var teacherInputs = new BlockInputs(folder, "teacher", images, pictures.Count);
            using var reducedInputs = new BlockInputs(folder, "reduced", images, pictures.Count);
            VggNetwork? small = null;
            try
            {
                foreach (var convolution in _convolutions)
                {
                    var layer = convolution.Layer;
                    progress?.Report(new ReductionProgress(layer.ToString(), Share(errors.Count)));
                    if (layer is { Index: 1, Block: > 1 })
                    {
                        teacherInputs.Enter(large, layer.Block, token);
                        reducedInputs.Enter(small!, layer.Block, token);
                    }
                    IEnumerable<LayerInput> Batches(int[] indexes) => small is null
                        ? Chunks(layer, indexes, i => Twice(input.Apply(images.Read(i))))
                        : Chunks(layer, indexes, i => new LayerInput(teacherInputs.Of(large, layer, i), reducedInputs.Of(small, layer, i)));
                    var (fitted, error) = Fit(convolution, chosen[layer], reduced.Count == 0 ? 3 : reduced[^1].OutChannels, Batches);
                    reduced.Add(fitted);
                    errors.Add(error);
                    progress?.Report(new ReductionProgress(layer.ToString(), Share(errors.Count), error));
                    small?.Dispose();
                    small = new VggNetwork(Weights(reduced), Options);
                }
            }
            finally
            {
                small?.Dispose();
            }
            if (settings.RefinementSteps > 0) Refine(large, input, chosen, reduced, errors, teacherInputs, reducedInputs);
            return new ReducedNetwork(Weights(reduced), errors);
        }

        /// <summary>Trains the last two blocks together; see <see cref="Refinement"/>.</summary>
        private void Refine(VggNetwork large, InputTransform input, Dictionary<VggLayer, int[]> chosen, List<ConvolutionWeights> reduced,
            List<LayerError> errors, BlockInputs teacherInputs, BlockInputs reducedInputs)
        {
            using var scope = NewDisposeScope();
            var first = Math.Max(1, settings.Widths.Count - 1);
            var trained = reduced.Where(convolution => convolution.Layer.Block >= first).ToArray();
            Dictionary<VggLayer, FeatureFile> targets = [];
            try
            {
                KeepTargets(large, chosen, trained, targets, teacherInputs, first);
                using var refinement = new Refinement(trained, _padding,
                    i => first == 1 ? input.Apply(reducedInputs.OfBlockBefore(i)) : reducedInputs.OfBlockBefore(i),
                    (i, layer) => targets[layer].Read(i));
                var steps = settings.RefinementSteps;
                refinement.Run(_fitted, steps, step =>
                {
                    if (step % 10 == 0) progress?.Report(new ReductionProgress("training the last blocks", (double)step / steps));
                }, token);
                var (fitted, heldOut) = (refinement.Errors(Some(_fitted, _heldOut.Length)), refinement.Errors(_heldOut));
                var layers = refinement.Layers();
                for (var i = 0; i < layers.Count; i++)
                {
                    var at = reduced.Count - layers.Count + i;
                    reduced[at] = layers[i];
                    errors[at] = errors[at] with { Fitted = fitted[layers[i].Layer], HeldOut = heldOut[layers[i].Layer] };
                    progress?.Report(new ReductionProgress("training the last blocks", 1, errors[at]));
                }
            }
            finally
            {
                foreach (var file in targets.Values) file.Dispose();
            }
        }

        /// <summary>Writes the teacher's activations of the chosen channels in some layers into files.</summary>
        private void KeepTargets(VggNetwork large, Dictionary<VggLayer, int[]> chosen, ConvolutionWeights[] layers,
            Dictionary<VggLayer, FeatureFile> targets, BlockInputs teacherInputs, int first)
        {
            VggLayer[] wanted = [.. layers.Select(convolution => convolution.Layer)];
            var channels = wanted.ToDictionary(layer => layer, layer => tensor(chosen[layer].Select(channel => (long)channel).ToArray()));
            for (var i = 0; i < pictures.Count; i++)
            {
                token.ThrowIfCancellationRequested();
                if (i % 16 == 0) progress?.Report(new ReductionProgress("keeping the teacher's activations", (double)i / pictures.Count));
                using var scope = NewDisposeScope();
                var start = teacherInputs.OfBlockBefore(i);
                foreach (var (layer, all) in large.Forward(start, wanted, padding: null, lasting: true, from: first))
                {
                    var values = all.index_select(1, channels[layer]);
                    if (!targets.TryGetValue(layer, out var file))
                        targets.Add(layer, file = new FeatureFile(Path.Combine(folder, $"target-{layer}"), values.shape));
                    file.Write(i, values);
                }
            }
        }

        private VggWeights Weights(IEnumerable<ConvolutionWeights> convolutions) =>
            new($"{teacher.Name}-reduced", "", [.. convolutions], teacher.Preprocessing, _padding)
            {
                ContentFactor = teacher.ContentFactor,
            };

        private double Share(int layers) => (layers + 1.0) / (_convolutions.Length + 1);

        private FeatureFile ReadPictures()
        {
            var images = new FeatureFile(Path.Combine(folder, "images"), [1, 3, pictures.Size, pictures.Size]);
            for (var i = 0; i < pictures.Count; i++)
            {
                token.ThrowIfCancellationRequested();
                if (i % 16 == 0) progress?.Report(new ReductionProgress("reading pictures", Share(0) * i / pictures.Count / 2));
                using var picture = pictures.Load(i);
                images.Write(i, picture);
            }
            return images;
        }

        private Dictionary<VggLayer, int[]> Choose(VggNetwork network, FeatureFile images)
        {
            using var scope = NewDisposeScope();
            var moments = _convolutions.ToDictionary(convolution => convolution.Layer, convolution => new Moments(convolution.OutChannels));
            var some = Some(_fitted, ChoicePictures);
            for (var i = 0; i < some.Length; i++)
            {
                token.ThrowIfCancellationRequested();
                if (i % 16 == 0) progress?.Report(new ReductionProgress("choosing channels", Share(0) * (1 + (double)i / some.Length) / 2));
                using var inner = NewDisposeScope();
                var features = network.Forward(images.Read(some[i]), moments.Keys);
                foreach (var (layer, of) in features) moments[layer].Add(of[0].flatten(1));
            }
            return moments.ToDictionary(
                pair => pair.Key, pair => ChannelChoice.Choose(pair.Value.Covariance(), settings.Widths[pair.Key.Block - 1]));
        }

        private (ConvolutionWeights Weights, LayerError Error) Fit(
            ConvolutionWeights convolution, int[] channels, int inputs, Func<int[], IEnumerable<LayerInput>> batches)
        {
            using var scope = NewDisposeScope();
            var chosen = tensor(channels.Select(channel => (long)channel).ToArray());
            var kernel = tensor(convolution.Kernel, [convolution.OutChannels, convolution.InChannels, 3, 3]).index_select(0, chosen);
            var fit = new LayerFit(kernel, tensor(convolution.Bias).index_select(0, chosen), inputs);
            var solution = fit.Solve(batches(EnoughFor(convolution.Layer, 9 * inputs + 1)), settings.Ridge);
            var error = new LayerError(convolution.Layer, channels.Length, convolution.OutChannels,
                fit.RelativeError(solution, batches(Some(_fitted, _heldOut.Length))), fit.RelativeError(solution, batches(_heldOut)));
            var values = solution.t().to(float32); // N×(9·I+1)
            float[] Values(Tensor part) => part.contiguous().data<float>().ToArray();
            var (kernels, biases) = (Values(values.narrow(1, 0, 9 * inputs)), Values(values.select(1, 9 * inputs)));
            return (new ConvolutionWeights(convolution.Layer, channels.Length, inputs, kernels, biases), error);
        }

        /// <summary>Pictures to fit a layer to: shallow layers have many positions in each, and few unknowns.</summary>
        private int[] EnoughFor(VggLayer layer, int unknowns)
        {
            var side = pictures.Size >> (layer.Block - 1);
            return Some(_fitted, Math.Max(FewestPictures, PositionsPerUnknown * unknowns / (side * side)));
        }

        /// <summary>Evenly spaced entries, about as many as requested; all if there are fewer.</summary>
        private static int[] Some(int[] indexes, int count)
        {
            var step = Math.Max(1, indexes.Length / Math.Max(1, count));
            return [.. indexes.Where((_, i) => i % step == 0)];
        }

        /// <summary>Inputs of a layer in batches, padded.</summary>
        private IEnumerable<LayerInput> Chunks(VggLayer layer, int[] indexes, Func<int, LayerInput> load)
        {
            var side = pictures.Size >> (layer.Block - 1);
            var first = layer is { Block: 1, Index: 1 };
            foreach (var batch in indexes.Chunk(Math.Max(1, BatchPositions / (side * side))))
            {
                token.ThrowIfCancellationRequested();
                using var scope = NewDisposeScope();
                var inputs = batch.Select(load).ToArray();
                yield return new LayerInput(_padding.Around(cat(inputs.Select(input => input.Teacher).ToArray()), first),
                    _padding.Around(cat(inputs.Select(input => input.Reduced).ToArray()), first));
            }
        }

        private static LayerInput Twice(Tensor input) => new(input, input);
    }
}

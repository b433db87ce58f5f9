using NeuralStyle.Runtime;
using NeuralStyle.Vgg;
using static TorchSharp.torch;

namespace NeuralStyle.Evaluation;

/// <summary>
/// An evaluator on a CUDA device whose kernels are recorded at the second evaluation of a size and started as a whole from then on. The
/// same kernels on the same numbers: the results have the same bytes. The memory of an evaluation stays taken.
/// </summary>
/// <param name="evaluator">Reads nothing from the device, and its targets never change; owned.</param>
internal sealed class RecordedEvaluator(IEvaluator evaluator) : IEvaluator
{
    private const long MostPixels = 1 << 19; // larger pictures keep a GPU busy, and the memory stays taken

    private CudaGraph? _graph;
    private Tensor? _image;
    private Evaluated? _result;
    private int _evaluations;

    /// <inheritdoc/>
    public IReadOnlyList<TermInfo> Terms => evaluator.Terms;

    /// <summary>An evaluator of whole pictures, recorded where that pays and was tried.</summary>
    /// <param name="network">The frozen network; not owned.</param>
    /// <param name="objective">Terms and targets; not owned.</param>
    /// <param name="pixels">Of the pictures.</param>
    public static IEvaluator OfWholePictures(VggNetwork network, Objective objective, long pixels)
    {
        var whole = new WholeImageEvaluator(network, objective);
        var changes = objective.Pulls.Count > 0 || objective.Similarities.Count > 0; // matches are searched again and again
        return ComputeTuning.Records(network.Device) && pixels <= MostPixels && !changes ? new RecordedEvaluator(whole) : whole;
    }

    /// <inheritdoc/>
    public Evaluated Evaluate(Tensor image)
    {
        if (_graph is null)
        {
            if (_evaluations++ == 0) return evaluator.Evaluate(image);
            Record(image);
        }
        using var _ = no_grad();
        _image!.copy_(image);
        _graph!.Replay();
        return new Evaluated(_result!.Total.clone(), _result.Raw.clone(), _result.Gradient.clone());
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _graph?.Dispose();
        _image?.Dispose();
        _result?.Dispose();
        evaluator.Dispose();
    }

    private void Record(Tensor image)
    {
        using var scope = NewDisposeScope();
        _image = image.detach().clone().DetachFromDisposeScope();
        _graph = CudaGraph.Record(image.device, () => evaluator.Evaluate(_image).Dispose(), () => _result = evaluator.Evaluate(_image));
        _result!.Total.DetachFromDisposeScope();
        _result.Raw.DetachFromDisposeScope();
        _result.Gradient.DetachFromDisposeScope();
    }
}

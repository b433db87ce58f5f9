using NeuralStyle.Vgg;

namespace NeuralStyle.Reduction.Distilling;

/// <summary>How well a layer imitates its channels of the teacher, on pictures kept aside.</summary>
/// <param name="Layer">Which layer.</param>
/// <param name="Channels">Number of channels.</param>
/// <param name="TeacherChannels">The teacher's number of channels.</param>
/// <param name="Before">Relative squared error Σ(r−t)²/Σt² after the ReLU before training.</param>
/// <param name="After">The same after training; null before.</param>
internal sealed record DistilledLayer(VggLayer Layer, int Channels, int TeacherChannels, double Before, double? After = null);

/// <summary>The progress of training.</summary>
/// <param name="Stage">The current work, for users: <c>reading pictures</c>, <c>training</c>.</param>
/// <param name="Step">Steps done, or pictures read.</param>
/// <param name="Steps">How many there are.</param>
/// <param name="Loss">Mean of the training loss since the last report; null outside training.</param>
/// <param name="Layers">The errors before training, when they have been measured.</param>
internal sealed record DistillationProgress(
    string Stage, int Step, int Steps, double? Loss = null, IReadOnlyList<DistilledLayer>? Layers = null);

/// <summary>A trained network and its errors.</summary>
/// <param name="Weights">The network; its preprocessing is the student's with the channels in RGB order.</param>
/// <param name="Layers">The errors of each layer, in order of depth.</param>
/// <param name="Averaged">Whether the weights are the moving average, which was nearer to the teacher than the last step.</param>
internal sealed record DistilledNetwork(VggWeights Weights, IReadOnlyList<DistilledLayer> Layers, bool Averaged);

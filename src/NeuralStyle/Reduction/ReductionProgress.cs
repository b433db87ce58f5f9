using NeuralStyle.Vgg;

namespace NeuralStyle.Reduction;

/// <summary>How well a reduced layer imitates the channels of the teacher that it replaces.</summary>
/// <param name="Layer">Which layer.</param>
/// <param name="Channels">Number of channels kept.</param>
/// <param name="TeacherChannels">Number of channels to choose from.</param>
/// <param name="Fitted">Relative squared error Σ(r−t)²/Σt² after the ReLU, over some of the pictures that the layer was fitted to.</param>
/// <param name="HeldOut">The same over pictures that were held out.</param>
internal sealed record LayerError(VggLayer Layer, int Channels, int TeacherChannels, double Fitted, double HeldOut);

/// <summary>The progress of a reduction.</summary>
/// <param name="Stage">The current step, for users: <c>reading pictures</c>, <c>choosing channels</c>, or the name of a layer.</param>
/// <param name="Done">Share of the whole work, in [0, 1].</param>
/// <param name="Finished">The layer that was just finished; null between two layers.</param>
internal sealed record ReductionProgress(string Stage, double Done, LayerError? Finished = null);

/// <summary>A reduced network and its errors.</summary>
/// <param name="Weights">The network; its preprocessing is the teacher's with the channels in RGB order.</param>
/// <param name="Errors">The error of each layer, in order of depth.</param>
internal sealed record ReducedNetwork(VggWeights Weights, IReadOnlyList<LayerError> Errors);

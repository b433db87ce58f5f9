using NeuralStyle.Vgg;

namespace NeuralStyle.Weights;

/// <summary>Values that the user gives for a weights file; they override those of the file and of nst's tables.</summary>
/// <param name="Preprocessing">How pictures enter the network; null keeps what the file says.</param>
/// <param name="Padding">The padding that the network wants; null keeps what the file says.</param>
public sealed record WeightsOverrides(Preprocessing? Preprocessing = null, PaddingMode? Padding = null);

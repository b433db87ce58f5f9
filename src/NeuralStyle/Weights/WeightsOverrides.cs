using NeuralStyle.Vgg;

namespace NeuralStyle.Weights;

/// <summary>What the user says about a weights file, against what the file or nst's tables say.</summary>
/// <param name="Preprocessing">How pictures enter the network; null keeps what the file says.</param>
/// <param name="Padding">The padding that the network wants; null keeps what the file says.</param>
public sealed record WeightsOverrides(Preprocessing? Preprocessing = null, PaddingMode? Padding = null);

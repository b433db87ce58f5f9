namespace NeuralStyle.Weights;

/// <summary>
/// A fault in a weights file, without the file's name. Readers throw it; <see cref="WeightsFile"/> and the downloader
/// add the name and throw it as <see cref="InvalidInputException"/>.
/// </summary>
internal sealed class WeightsFormatException(string message, Exception? inner = null) : Exception(message, inner);

namespace NeuralStyle.Weights;

/// <summary>
/// What is wrong inside a weights file, without the file's name: the readers throw it, <see cref="WeightsFile"/> and the downloader
/// add the name and hand it on as <see cref="InvalidInputException"/>.
/// </summary>
internal sealed class WeightsFormatException(string message, Exception? inner = null) : Exception(message, inner);

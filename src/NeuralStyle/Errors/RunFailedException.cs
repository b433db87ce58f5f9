namespace NeuralStyle.Errors;

/// <summary>
/// A run failed for a reason outside the input: out of memory, disk full, a broken installation. The message is one line.
/// A command line maps it to exit code 1.
/// </summary>
public sealed class RunFailedException(string message, Exception? inner = null) : Exception(message, inner);

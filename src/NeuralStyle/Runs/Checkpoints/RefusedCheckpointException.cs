namespace NeuralStyle.Runs.Checkpoints;

/// <summary>
/// A checkpoint that can never be continued from by this run: it is damaged, or another run's. Not thrown when something else is wrong,
/// such as an input that is gone for a moment: then the checkpoint is still good.
/// </summary>
/// <param name="message">One line for a person.</param>
/// <param name="cause">What was thrown.</param>
internal sealed class RefusedCheckpointException(string message, Exception? cause = null) : InvalidInputException(message, cause);

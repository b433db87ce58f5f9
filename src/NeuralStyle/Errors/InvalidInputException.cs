namespace NeuralStyle.Errors;

/// <summary>
/// Something the user gave is wrong: a file, an option, a combination. The message is one line that says what is wrong with which
/// file or option, what was expected, and what to do. A command line maps it to exit code 2.
/// </summary>
public class InvalidInputException(string message, Exception? inner = null) : Exception(message, inner);

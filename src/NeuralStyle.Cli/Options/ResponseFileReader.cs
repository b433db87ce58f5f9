using System.CommandLine.Parsing;
using NeuralStyle.Runtime.Files;

namespace NeuralStyle.Cli.Options;

/// <summary>
/// Puts the words of a response file, <c>@file</c>, in its place. One for each command line: files that name each other without end are
/// told by their number.
/// </summary>
internal sealed class ResponseFileReader
{
    private const int Most = 100; // files that one command line may name, directly or within others
    private const int LongestText = 1 << 20; // characters of a file

    private readonly List<string> _names = [];

    /// <summary>The files named so far, directly or within others: inputs like the pictures.</summary>
    public IReadOnlyList<string> Names => _names;

    /// <summary>Reads a file: words separated by blanks and line ends, with quotes; lines that begin with # are remarks.</summary>
    /// <param name="path">Its name, without the at sign.</param>
    /// <param name="words">What it holds.</param>
    /// <param name="error">What is wrong with it, in one line.</param>
    public bool TryRead(string path, out IReadOnlyList<string>? words, out string? error)
    {
        (words, error) = (null, null);
        _names.Add(path);
        if (_names.Count > Most)
            error = $"there are more than {Most} response files, the last of them '@{path}'; do they name themselves or each other?";
        else if (Directory.Exists(path)) error = $"the response file '@{path}' is a folder; expected a file of arguments";
        else if (!File.Exists(path))
            error = $"there is no response file '{path}'; for a file with the name '@{path}', type ./@{path}";
        else words = Read(path, out error);
        return error is null;
    }

    private static IReadOnlyList<string>? Read(string path, out string? error)
    {
        try
        {
            using var reader = new StreamReader(path);
            var buffer = new char[LongestText + 1]; // not more: a device has no end
            var length = reader.ReadBlock(buffer);
            error = length > LongestText ? $"the response file '@{path}' is longer than {LongestText} characters"
                : buffer.AsSpan(0, length).Contains('\0') ? $"the response file '@{path}' is no text"
                : null;
            return error is not null ? null : new string(buffer, 0, length).ReplaceLineEndings("\n").Split('\n')
                .Where(line => !line.TrimStart().StartsWith('#'))
                .SelectMany(CommandLineParser.SplitCommandLine)
                .ToArray();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            error = $"the response file '@{path}' cannot be read: {FileFailure.ReasonOf(failure, path)}";
            return null;
        }
    }
}

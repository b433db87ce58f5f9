using System.Text;
using NeuralStyle.Runtime.Files;

namespace NeuralStyle.Cli.Batch.Inputs;

/// <summary>Reads small text files of the user, in the encodings that editors and spreadsheets write.</summary>
internal static class TextFile
{
    private const int Windows1252 = 1252; // Latin-1 and a few more characters: what spreadsheets write in Western Europe

    private static readonly UTF8Encoding s_strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>
    /// The whole text: by its byte order mark (UTF-8, UTF-16, UTF-32), else as UTF-8, else as Windows-1252, which most other texts of
    /// single bytes are.
    /// </summary>
    /// <exception cref="InvalidInputException">The file cannot be read, or is not text.</exception>
    public static string Read(string path)
    {
        try
        {
            var text = Decode(File.ReadAllBytes(path));
            return text.Contains('\0') // UTF-16 without a mark, or a picture
                ? throw new InvalidInputException($"'{path}' is not text in a known encoding; save it as UTF-8")
                : text;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException($"'{path}' cannot be read: {FileFailure.ReasonOf(failure, path)}", failure);
        }
    }

    private static string Decode(byte[] bytes)
    {
        try
        {
            using var reader = new StreamReader(new MemoryStream(bytes), s_strict, detectEncodingFromByteOrderMarks: true);
            return reader.ReadToEnd();
        }
        catch (DecoderFallbackException)
        {
            return CodePagesEncodingProvider.Instance.GetEncoding(Windows1252)!.GetString(bytes);
        }
    }
}

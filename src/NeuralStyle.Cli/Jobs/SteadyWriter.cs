using System.Text;

namespace NeuralStyle.Cli.Jobs;

/// <summary>
/// Writes as long as that is possible, and never fails: a stderr that is closed or a disk that fills up must not cost the picture.
/// </summary>
/// <param name="inner">Where to; null if it was closed from the start.</param>
internal sealed class SteadyWriter(TextWriter? inner) : TextWriter
{
    /// <summary>Why the first write that failed did; null when none has.</summary>
    public Exception? Failure { get; private set; }

    public override Encoding Encoding => inner?.Encoding ?? Encoding.UTF8;

    public override void Write(char value) => Try(writer => writer.Write(value));

    public override void Write(char[] buffer, int index, int count) => Try(writer => writer.Write(buffer, index, count));

    public override void Write(ReadOnlySpan<char> buffer) => Write(new string(buffer));

    public override void Write(string? value) => Try(writer => writer.Write(value));

    public override void WriteLine(string? value) => Try(writer => writer.WriteLine(value)); // in one piece: several threads write lines

    public override void Flush()
    {
        if (inner is not null) Try(writer => writer.Flush());
    }

    private void Try(Action<TextWriter> write)
    {
        try
        {
            write(inner ?? throw new IOException("it is closed"));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            Failure ??= failure;
        }
    }
}

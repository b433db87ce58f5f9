using System.Text;

namespace NeuralStyle.Cli.Jobs;

/// <summary>
/// Writes as long as that is possible, and never fails: a stderr that is closed or a disk that fills up must not cost the picture.
/// </summary>
/// <param name="inner">Where to.</param>
internal sealed class SteadyWriter(TextWriter inner) : TextWriter
{
    /// <summary>Why the first write that failed did; null when none has.</summary>
    public Exception? Failure { get; private set; }

    public override Encoding Encoding => inner.Encoding;

    public override void Write(char value) => Try(() => inner.Write(value));

    public override void Write(char[] buffer, int index, int count) => Try(() => inner.Write(buffer, index, count));

    public override void Write(ReadOnlySpan<char> buffer) => Write(new string(buffer));

    public override void Write(string? value) => Try(() => inner.Write(value));

    public override void WriteLine(string? value) => Try(() => inner.WriteLine(value)); // in one piece: several threads write lines

    public override void Flush() => Try(inner.Flush);

    private void Try(Action write)
    {
        try
        {
            write();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            Failure ??= failure;
        }
    }
}

namespace NeuralStyle.Imaging;

/// <summary>Reads input that can be read only once, within limits, and can be cancelled.</summary>
internal static class Pipe
{
    /// <summary>
    /// Reads to the end. A FIFO without a writer blocks in the system call that opens it, so that call waits on a separate thread, which
    /// cancellation abandons.
    /// </summary>
    /// <param name="name">For messages.</param>
    /// <param name="open">Opens the stream, which is disposed of.</param>
    /// <param name="reading">Bounds and cancellation.</param>
    /// <exception cref="InvalidInputException">It is empty, holds too much, or does not begin as a picture.</exception>
    /// <exception cref="OperationCanceledException">Asked for.</exception>
    public static byte[] ReadAll(string name, Func<Stream> open, PictureReading reading)
    {
        var token = reading.Cancellation;
        token.ThrowIfCancellationRequested();
        var work = Task.Factory.StartNew(() => ReadToEnd(name, open, reading), CancellationToken.None, TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
        return work.WaitAsync(token).GetAwaiter().GetResult();
    }

    private static byte[] ReadToEnd(string name, Func<Stream> open, PictureReading reading)
    {
        using var stream = open();
        using var memory = new MemoryStream();
        var buffer = new byte[1 << 16];
        var first = stream.ReadAtLeast(buffer, PictureKind.Start, throwOnEndOfStream: false);
        if (first == 0) throw new InvalidInputException($"'{name}' is empty; expected a picture");
        if (PictureKind.Of(buffer.AsSpan(0, first), name) is null) throw PictureDecoder.NotAPicture(name); // /dev/zero has no end
        for (var count = first; count > 0; count = stream.Read(buffer))
        {
            reading.Cancellation.ThrowIfCancellationRequested();
            if (memory.Length + count > Math.Min(reading.Limits.MostPipedBytes, Array.MaxLength))
                throw new InvalidInputException($"'{name}' holds more than {reading.Limits.MostPipedBytes >> 20} MiB; write it to a "
                    + $"file first, or give a smaller picture");
            memory.Write(buffer, 0, count);
        }
        return memory.ToArray();
    }
}

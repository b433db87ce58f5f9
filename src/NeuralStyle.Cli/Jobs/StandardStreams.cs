namespace NeuralStyle.Cli.Jobs;

/// <summary>The program's stdout and stderr, made steady: whatever becomes of them, the work is done.</summary>
internal sealed class StandardStreams
{
    private readonly SteadyWriter _output = new(Console.Out);

    /// <summary>From now on, <see cref="Console.Out"/> and <see cref="Console.Error"/> never throw.</summary>
    public StandardStreams()
    {
        Console.SetOut(_output);
        Console.SetError(new SteadyWriter(Console.Error));
    }

    /// <summary>The exit code after a run: results that could not be printed are a failure; messages that could not are none.</summary>
    /// <param name="code">The exit code of the run itself.</param>
    public int Judge(int code)
    {
        if (code != ExitCodes.Done || _output.Failure is not { } failure) return code;
        ErrorLine.Write(Console.Error, $"stdout cannot be written: {failure.Message.TrimEnd('.')}");
        return ExitCodes.Failed;
    }
}

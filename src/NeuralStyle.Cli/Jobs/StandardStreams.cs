using System.Text;
using NeuralStyle.Runtime.Native;

namespace NeuralStyle.Cli.Jobs;

/// <summary>The program's stdout and stderr, made steady: whatever becomes of them, the work is done.</summary>
internal sealed class StandardStreams
{
    private readonly SteadyWriter _output;

    /// <summary>From now on, <see cref="Console.Out"/> and <see cref="Console.Error"/> never throw.</summary>
    public StandardStreams()
    {
        UseUtf8();
        _output = Steady(Console.Out, InheritedStream.Output);
        Console.SetOut(_output);
        Console.SetError(Steady(Console.Error, InheritedStream.Error));
    }

    private static SteadyWriter Steady(TextWriter writer, int descriptor) => new(InheritedStream.IsClosed(descriptor) ? null : writer);

    /// <summary>
    /// On Windows, .NET writes in the code page of the console, which lacks most names of files; elsewhere it is UTF-8 anyway.
    /// </summary>
    private static void UseUtf8()
    {
        if (!OperatingSystem.IsWindows()) return;
        try
        {
            Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        }
        catch (IOException)
        {
            // a console that cannot: some characters are shown as question marks
        }
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

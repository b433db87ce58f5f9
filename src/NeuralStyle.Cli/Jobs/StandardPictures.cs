using NeuralStyle.Imaging;
using NeuralStyle.Runtime.Native;
using Microsoft.Win32.SafeHandles;

namespace NeuralStyle.Cli.Jobs;

/// <summary>Standard input and output as pictures: <c>-</c>, as in other command-line tools.</summary>
internal static class StandardPictures
{
    /// <summary>The name of either.</summary>
    public const string Name = "-";

    /// <summary>The name of standard input in messages and records.</summary>
    public const string InputName = "(standard input)";

    /// <summary>The name of standard output in messages.</summary>
    public const string OutputName = "standard output";

    /// <summary>Fails if standard input is used for more than one picture.</summary>
    /// <exception cref="InvalidInputException">It is.</exception>
    public static void RefuseSeveral(IEnumerable<string> names)
    {
        if (names.Count(name => name == Name) > 1)
            throw new InvalidInputException("standard input can be only one of the pictures, but - was given more than once; name files");
    }

    /// <summary>A picture by name, or from standard input.</summary>
    public static Picture Open(string path, PictureReading? reading = null)
    {
        if (path is Name or "/dev/stdin" or "/dev/fd/0" or "/proc/self/fd/0" && InheritedStream.IsClosed(InheritedStream.Input))
            throw new InvalidInputException($"'{(path == Name ? InputName : path)}' is closed; send a picture to it, or name a file");
        return path == Name ? Picture.Load(Console.OpenStandardInput(), InputName, reading) : Picture.Load(path, reading);
    }

    /// <summary>
    /// Standard output for bytes. Unlike the console's own stream it fails if the reader has closed the pipe, so that the exit code shows
    /// it.
    /// </summary>
    public static Stream OpenOutput() => OperatingSystem.IsWindows()
        ? Console.OpenStandardOutput()
        : new FileStream(new SafeFileHandle(1, ownsHandle: false), FileAccess.Write, bufferSize: 0);
}

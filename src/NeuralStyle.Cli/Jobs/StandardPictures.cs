using NeuralStyle.Imaging;
using Microsoft.Win32.SafeHandles;

namespace NeuralStyle.Cli.Jobs;

/// <summary>Standard input and output as pictures: <c>-</c>, as in other programs of a pipeline.</summary>
internal static class StandardPictures
{
    /// <summary>What stands for either of them.</summary>
    public const string Name = "-";

    /// <summary>What messages and records call standard input.</summary>
    public const string InputName = "(standard input)";

    /// <summary>What messages call standard output.</summary>
    public const string OutputName = "standard output";

    /// <summary>Fails when standard input is to be more than one picture.</summary>
    /// <exception cref="InvalidInputException">It is.</exception>
    public static void RefuseSeveral(IEnumerable<string> names)
    {
        if (names.Count(name => name == Name) > 1)
            throw new InvalidInputException("standard input can be only one of the pictures, but - was given more than once; name files");
    }

    /// <summary>A picture by name, or from standard input.</summary>
    public static Picture Open(string path, PictureReading? reading = null) => path == Name
        ? Picture.Load(Console.OpenStandardInput(), InputName, reading)
        : Picture.Load(path, reading);

    /// <summary>
    /// Standard output for bytes. Unlike the console's own stream it fails when nobody reads any more, so that the exit code tells.
    /// </summary>
    public static Stream OpenOutput() => OperatingSystem.IsWindows()
        ? Console.OpenStandardOutput()
        : new FileStream(new SafeFileHandle(1, ownsHandle: false), FileAccess.Write, bufferSize: 0);
}

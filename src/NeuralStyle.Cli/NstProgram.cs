using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using NeuralStyle.Cli.Commands;
using NeuralStyle.Cli.Jobs;
using NeuralStyle.Cli.Options;
using NeuralStyle.Runtime;

namespace NeuralStyle.Cli;

/// <summary>The program: parses, invokes one command and maps exceptions to exit codes.</summary>
public static class NstProgram
{
    /// <summary>Runs one command line.</summary>
    /// <param name="args">The arguments.</param>
    /// <param name="output">Receives results.</param>
    /// <param name="error">Receives everything else.</param>
    /// <returns>The exit code: 0, 1 for a failure while running, 2 for bad usage or input, 130 if interrupted.</returns>
    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter error)
    {
        if (!HasCurrentFolder())
        {
            ErrorLine.Write(error, "the current folder is not there any more; change to another one");
            return ExitCodes.BadInput;
        }
        CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        var root = RootCommandFactory.Create();
        var files = new ResponseFileReader();
        var parse = root.Parse(PreviewOptions.Expand(args), new ParserConfiguration { ResponseFileTokenReplacer = files.TryRead });
        if (parse.Errors.Count > 0 && parse.Action is not HelpPageAction)
        {
            ErrorLine.Write(error, ParseErrors.Of(parse));
            return ExitCodes.BadInput;
        }
        if (EmptyArguments.Of(parse) is { } empty)
        {
            ErrorLine.Write(error, empty);
            return ExitCodes.BadInput;
        }

        try
        {
            return await parse.InvokeAsync(new ResponseFiles(files.Names)
            {
                Output = output,
                Error = error,
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null, // Interruption handles the signals
            });
        }
        catch (Exception failure)
        {
            return Explain(failure, error, verbose: args.Contains("--verbose"));
        }
    }

    private static bool HasCurrentFolder()
    {
        try
        {
            return Environment.CurrentDirectory.Length > 0;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static int Explain(Exception failure, TextWriter error, bool verbose)
    {
        ErrorLine.Write(error, ErrorLine.Of(failure, hint: " (run again with --verbose for the details)"));
        if (verbose) error.WriteLine(Printable.Of(failure.ToString(), lines: true));
        return (ComputeDevice.ExplainOutOfMemory(failure) ?? failure) is InvalidInputException ? ExitCodes.BadInput : ExitCodes.Failed;
    }
}

using System.Net;
using NeuralStyle.Cli.Jobs;
using NeuralStyle.Cli.Pages;

namespace NeuralStyle.Cli.Studio;

/// <summary>Serves the studio of one folder until it is interrupted.</summary>
internal static class StudioHost
{
    private const string LockName = ".nst-studio.lock";
    private const int MostBody = 64 << 10; // a grid of wishes

    /// <summary>Runs until Ctrl-C or SIGTERM.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="machine">What its runs share.</param>
    /// <param name="port">The port; 0 for a free one.</param>
    /// <param name="open">Whether to open a browser.</param>
    /// <param name="error">Receives the address.</param>
    /// <returns>The exit code.</returns>
    /// <exception cref="InvalidInputException">The port is taken, or another studio has the folder.</exception>
    public static int Run(StudioFolder folder, StudioMachine machine, int port, bool open, TextWriter error)
    {
        using var interruption = new Interruption(error, "stopping; what is in work continues next time; press Ctrl-C again to stop now");
        using var claim = Claim(folder);
        Environment.CurrentDirectory = folder.Root; // records and commands name pictures as if typed in the folder
        using var studio = new Studio(folder, machine);
        var site = new PageSite(IPAddress.Loopback, port, RequestGuard.LocalWithToken, StudioEndpoints.Policy)
        {
            MostBody = MostBody,
            Option = "nst studio",
            PortOption = "--port",
        };
        using var server = PageServer.Start(site, new StudioEndpoints(studio).Map);
        var address = server.AddressAt(IPAddress.Loopback);
        ErrorLine.Hint(error, $"studio: {address}");
        ErrorLine.Hint(error, $"results go to '{folder.Results}'; Ctrl-C ends the studio");
        if (open && BrowserOpener.HasScreen)
            BrowserOpener.Open(address, () => ErrorLine.Hint(error, "no browser could be opened; open the address yourself"));
        interruption.Token.WaitHandle.WaitOne();
        return interruption.ExitCode ?? ExitCodes.Interrupted;
    }

    /// <summary>Two studios must not paint the same queue.</summary>
    private static FileStream Claim(StudioFolder folder)
    {
        try
        {
            return new FileStream(Path.Combine(folder.Results, LockName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (UnauthorizedAccessException failure)
        {
            throw new InvalidInputException($"'{folder.Results}' cannot be written: no permission; choose another folder", failure);
        }
        catch (IOException failure)
        {
            throw new InvalidInputException($"'{folder.Root}' is open in another nst studio; use its page, or end it first", failure);
        }
    }
}

using System.Globalization;
using System.Net;

namespace NeuralStyle.Cli.Jobs;

/// <summary>The options about the page.</summary>
/// <param name="Address">The address to listen on.</param>
/// <param name="Port">The port; 0 takes a free one.</param>
internal sealed record PreviewRequest(IPAddress Address, int Port)
{
    /// <summary>Whether other machines can reach the page, which then requires a token.</summary>
    public bool IsRemote => !IPAddress.IsLoopback(Address);

    /// <summary>From the options' texts.</summary>
    /// <param name="asked">Whether the page is wanted.</param>
    /// <param name="port">Value of <c>--preview-port</c>; null for a free one.</param>
    /// <param name="bind">Value of <c>--preview-bind</c>; null for this machine only.</param>
    /// <exception cref="InvalidInputException">Invalid port or address, or details without <c>--preview</c>.</exception>
    public static PreviewRequest? Parse(bool asked, string? port, string? bind)
    {
        if (!asked)
        {
            if ((port is null ? bind is null ? null : "--preview-bind" : "--preview-port") is { } lone)
                throw new InvalidInputException($"{lone} was given without --preview; add --preview");
            return null;
        }
        var number = 0;
        if (port is not null
            && (!int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out number) || number is < 1 or > 65535))
            throw new InvalidInputException($"--preview-port is '{port}'; expected a port from 1 to 65535");
        if (bind is null) return new PreviewRequest(IPAddress.Loopback, number);
        if (bind == "localhost") bind = "127.0.0.1";
        return IPAddress.TryParse(bind, out var address)
            ? new PreviewRequest(address, number)
            : throw new InvalidInputException(
                $"--preview-bind is '{bind}'; expected an address of this machine, for instance 0.0.0.0 for all of them");
    }
}

using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using NeuralStyle.Cli.Jobs;

namespace NeuralStyle.Cli.Pages;

/// <summary>Serves the page of <c>--preview</c> while a run continues.</summary>
internal sealed class PreviewServer : IDisposable
{
    private const string Policy = "default-src 'none'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; script-src 'self'; "
        + "connect-src 'self'; frame-ancestors 'none'";

    private static readonly TimeSpan s_farewell = TimeSpan.FromSeconds(0.5);

    private readonly PageServer _server;
    private readonly PreviewHub _hub;

    private PreviewServer(PageServer server, PreviewHub hub, Uri address) => (_server, _hub, Address) = (server, hub, address);

    /// <summary>The address for a browser, with the token if one is required.</summary>
    public Uri Address { get; }

    /// <summary>Starts to listen.</summary>
    /// <exception cref="InvalidInputException">The port is taken or the address is not one of this machine's.</exception>
    public static PreviewServer Start(PreviewRequest request, PreviewHub hub)
    {
        var site = new PageSite(request.Address, request.Port,
            request.IsRemote ? (_, _) => RequestGuard.Remote() : RequestGuard.Local, Policy);
        var server = PageServer.Start(site, routes => PreviewEndpoints.Map(routes, hub));
        return new PreviewServer(server, hub, server.AddressAt(ReachableAt(request.Address)));
    }

    /// <summary>Informs the pages, and ends.</summary>
    public void Dispose()
    {
        if (_hub.End is null) _hub.Finish("ended");
        if (_hub.Watchers > 0) Thread.Sleep(s_farewell); // so that the last picture is delivered
        _server.Dispose();
    }

    /// <summary>An address that answers: for all addresses of the machine, one that other machines reach, where there is one.</summary>
    private static IPAddress ReachableAt(IPAddress address)
    {
        if (!address.Equals(IPAddress.Any) && !address.Equals(IPAddress.IPv6Any)) return address;
        var found = NetworkInterface.GetAllNetworkInterfaces()
            .Where(card => card.OperationalStatus == OperationalStatus.Up && card.NetworkInterfaceType != NetworkInterfaceType.Loopback)
            .OrderByDescending(card => card.GetIPProperties().GatewayAddresses.Count)
            .SelectMany(card => card.GetIPProperties().UnicastAddresses)
            .Select(unicast => unicast.Address)
            .FirstOrDefault(own => own.AddressFamily == AddressFamily.InterNetwork);
        return found ?? (address.Equals(IPAddress.Any) ? IPAddress.Loopback : IPAddress.IPv6Loopback);
    }
}

using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using NeuralStyle.Cli.Jobs;

namespace NeuralStyle.Cli.Pages;

/// <summary>Serves the page over HTTP while a run continues.</summary>
internal sealed class PreviewServer : IDisposable
{
    private const int MostConnections = 64; // a page holds one and asks by a few more; handles are the run's too

    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(1);

    private readonly WebApplication _application;
    private readonly PreviewHub _hub;

    private PreviewServer(WebApplication application, PreviewHub hub, Uri address) =>
        (_application, _hub, Address) = (application, hub, address);

    /// <summary>The address for a browser, with the token if one is required.</summary>
    public Uri Address { get; }

    /// <summary>Starts to listen.</summary>
    /// <exception cref="InvalidInputException">The port is taken or the address is not one of this machine's.</exception>
    public static PreviewServer Start(PreviewRequest request, PreviewHub hub)
    {
        // No configuration from files or variables, no logging.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 1024;
            kestrel.Limits.MaxConcurrentConnections = MostConnections;
            kestrel.Listen(request.Address, request.Port);
        });
        var application = builder.Build();
        RequestGuard? guard = null;
        application.Use(async (context, next) =>
        {
            if (guard!.Refusal(context.Request.Headers.Host, (string?)context.Request.Headers.Origin,
                context.Request.Query["token"]) is { } refusal)
            {
                context.Response.StatusCode = StatusCodes.Status403Forbidden;
                await context.Response.WriteAsync(refusal);
                return;
            }
            context.Response.Headers.CacheControl = "no-store";
            context.Response.Headers.XContentTypeOptions = "nosniff";
            context.Response.Headers["Referrer-Policy"] = "no-referrer"; // the address may contain a token
            context.Response.Headers.ContentSecurityPolicy =
                "default-src 'none'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; script-src 'self'; connect-src 'self'; "
                    + "frame-ancestors 'none'";
            await next();
        });
        PreviewEndpoints.Map(application, hub);
        try
        {
            application.StartAsync().GetAwaiter().GetResult();
        }
        catch (Exception failure) when (failure is IOException or SocketException)
        {
            throw new InvalidInputException($"--preview cannot listen on {new IPEndPoint(request.Address, request.Port)}: "
                + $"{failure.Message.TrimEnd('.')}; choose another --preview-port", failure);
        }
        var port =
            new Uri(application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()).Port;
        guard = request.IsRemote
            ? RequestGuard.Remote()
            : RequestGuard.Local(request.Address, port); // requests before this line meet no guard and fail
        var shown = ReachableAt(request.Address).ToString();
        return new PreviewServer(application, hub,
            new UriBuilder("http", shown, port, "/", guard.Token is { } token ? $"?token={token}" : "").Uri);
    }

    /// <summary>Informs the pages, and ends.</summary>
    public void Dispose()
    {
        if (_hub.End is null) _hub.Finish("ended");
        if (_hub.Watchers > 0) Thread.Sleep(Farewell / 2); // so that the last picture is delivered
        using var patience = new CancellationTokenSource(Farewell);
        _application.StopAsync(patience.Token).GetAwaiter().GetResult();
        ((IDisposable)_application).Dispose();
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

    /// <summary>Leaves signals alone: they are the program's.</summary>
    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}

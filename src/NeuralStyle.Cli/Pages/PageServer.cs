using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace NeuralStyle.Cli.Pages;

/// <summary>Where a page is served, and to whom.</summary>
/// <param name="Address">The address to listen on.</param>
/// <param name="Port">The port; 0 takes a free one.</param>
/// <param name="Guard">Makes the guard, once the port is known.</param>
/// <param name="Policy">The Content-Security-Policy.</param>
internal sealed record PageSite(IPAddress Address, int Port, Func<IPAddress, int, RequestGuard> Guard, string Policy)
{
    /// <summary>Most bytes of the body of a request; an endpoint may allow more.</summary>
    public int MostBody { get; init; } = 1024;

    /// <summary>The option that asked for the page, for messages.</summary>
    public string Option { get; init; } = "--preview";

    /// <summary>The option for the port, for messages.</summary>
    public string PortOption { get; init; } = "--preview-port";
}

/// <summary>Serves a page over HTTP: every request passes the guard, and every answer has the headers that keep browsers safe.</summary>
internal sealed class PageServer : IDisposable
{
    private static readonly TimeSpan s_farewell = TimeSpan.FromSeconds(1);

    private readonly WebApplication _application;

    private PageServer(WebApplication application, int port, RequestGuard guard) =>
        (_application, Port, Guard) = (application, port, guard);

    /// <summary>The port it listens on.</summary>
    public int Port { get; }

    /// <summary>Decides which requests are allowed.</summary>
    public RequestGuard Guard { get; }

    /// <summary>Starts to listen.</summary>
    /// <param name="site">Where, and to whom.</param>
    /// <param name="map">Adds the endpoints.</param>
    /// <exception cref="InvalidInputException">The port is taken or the address is not one of this machine's.</exception>
    public static PageServer Start(PageSite site, Action<IEndpointRouteBuilder> map)
    {
        // No configuration from files or variables, no logging.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.Services.AddSingleton<IConnectionListenerFactory>(services =>
            new BoundedTransport(ActivatorUtilities.CreateInstance<SocketTransportFactory>(services), BoundedTransport.Accepted));
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = site.MostBody;
            kestrel.Limits.MaxConcurrentConnections = BoundedTransport.Served;
            kestrel.Listen(site.Address, site.Port);
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
            context.Response.Headers.ContentSecurityPolicy = site.Policy;
            await next();
        });
        map(application);
        try
        {
            application.StartAsync().GetAwaiter().GetResult();
        }
        catch (Exception failure) when (failure is IOException or SocketException)
        {
            throw new InvalidInputException($"{site.Option} cannot listen on {new IPEndPoint(site.Address, site.Port)}: "
                + $"{failure.Message.TrimEnd('.')}; choose another {site.PortOption}", failure);
        }
        var port =
            new Uri(application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()).Port;
        guard = site.Guard(site.Address, port); // requests before this line meet no guard and fail
        return new PageServer(application, port, guard);
    }

    /// <summary>The address for a browser, with the token if one is required.</summary>
    /// <param name="host">What a browser on the right machine calls this one.</param>
    public Uri AddressAt(IPAddress host) =>
        new UriBuilder("http", host.ToString(), Port, "/", Guard.Token is { } token ? $"?token={token}" : "").Uri;

    /// <summary>Ends; requests in work have a second.</summary>
    public void Dispose()
    {
        using var patience = new CancellationTokenSource(s_farewell);
        _application.StopAsync(patience.Token).GetAwaiter().GetResult();
        ((IDisposable)_application).Dispose();
    }

    /// <summary>Leaves signals alone: they are the program's.</summary>
    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}

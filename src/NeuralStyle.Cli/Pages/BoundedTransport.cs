using System.Net;
using Microsoft.AspNetCore.Connections;
using NeuralStyle.Runtime.Native;

namespace NeuralStyle.Cli.Pages;

/// <summary>
/// Accepts only as many connections as the run can spare handles for; others wait with the system. Kestrel's own limit closes what is above
/// it, but only after it was accepted: a few hundred at once take the run's last handles, and .NET ends without a word.
/// </summary>
/// <param name="inner">Accepts them.</param>
/// <param name="most">How many at once.</param>
internal sealed class BoundedTransport(IConnectionListenerFactory inner, int most) : IConnectionListenerFactory
{
    private const ulong Ample = 1024; // open files; a run with a page has about 180

    /// <summary>Connections that are served at once: a page holds one and asks by a few more.</summary>
    public static int Served => ProcessLimits.Files is < Ample ? 8 : 64;

    /// <summary>With room for those that are turned away.</summary>
    public static int Accepted => Served + 16;

    public async ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) =>
        new Listener(await inner.BindAsync(endpoint, cancellationToken), most);

    private sealed class Listener(IConnectionListener inner, int most) : IConnectionListener
    {
        private readonly SemaphoreSlim _free = new(most); // not disposed of: connections end after it
        private readonly CancellationTokenSource _end = new();

        public EndPoint EndPoint => inner.EndPoint;

        public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
        {
            try
            {
                await _free.WaitAsync(_end.Token);
            }
            catch (OperationCanceledException)
            {
                return null; // as every listener says that it has ended
            }
            var connection = await inner.AcceptAsync(cancellationToken);
            connection?.ConnectionClosed.Register(() => _free.Release());
            return connection;
        }

        public async ValueTask UnbindAsync(CancellationToken cancellationToken = default)
        {
            await _end.CancelAsync();
            await inner.UnbindAsync(cancellationToken);
        }

        public async ValueTask DisposeAsync()
        {
            await inner.DisposeAsync();
            _end.Dispose();
        }
    }
}

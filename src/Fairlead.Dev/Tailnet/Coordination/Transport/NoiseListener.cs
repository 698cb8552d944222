using System.Net;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;

namespace Fairlead.Dev.Tailnet.Coordination.Transport;

/// <summary>Hands channels whose handshake is done to Kestrel, as if they were connections it had accepted.</summary>
internal sealed class NoiseListener : IConnectionListenerFactory, IConnectionListenerFactorySelector, IConnectionListener
{
    private readonly Channel<NoiseConnection> _accepted = Channel.CreateUnbounded<NoiseConnection>();
    private readonly Lock _gate = new();
    private readonly HashSet<NoiseConnection> _open = [];

    public EndPoint EndPoint => NoiseEndPoint.Instance;

    /// <summary>The channels that are open now.</summary>
    public IReadOnlyList<NoiseConnection> Open
    {
        get
        {
            lock (_gate) return [.. _open];
        }
    }

    public bool CanBind(EndPoint endpoint) => endpoint is NoiseEndPoint;

    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) => new(this);

    /// <summary>Serves the channel until it ends.</summary>
    public async Task ServeAsync(NoiseConnection connection)
    {
        lock (_gate) _open.Add(connection);
        try
        {
            if (_accepted.Writer.TryWrite(connection)) await connection.Served;
            else await connection.DisposeAsync();
        }
        finally
        {
            lock (_gate) _open.Remove(connection);
        }
    }

    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        while (await _accepted.Reader.WaitToReadAsync(cancellationToken))
        {
            if (_accepted.Reader.TryRead(out var connection)) return connection;
        }
        return null;
    }

    public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        _accepted.Writer.TryComplete();
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await UnbindAsync();
        while (_accepted.Reader.TryRead(out var waiting)) await waiting.DisposeAsync();
    }
}

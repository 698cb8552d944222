using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using Fairlead.Tailnet.Netstack.Tcp;

namespace Fairlead.Tailnet.Nodes;

/// <summary>Takes connections from the tailnet. Disposing it refuses new ones; accepted ones live on.</summary>
public sealed class TailnetListener : IDisposable
{
    private readonly TcpPortListener[] _listeners;
    private readonly Channel<TcpConnection>? _merged;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Action? _disposed;
    private int _isDisposed;

    /// <param name="listeners">One, or one for each address of a service.</param>
    /// <param name="disposed">Called when nobody listens any more.</param>
    internal TailnetListener(IEnumerable<TcpPortListener> listeners, Action? disposed = null)
    {
        _listeners = [.. listeners];
        _disposed = disposed;
        if (_listeners.Length > 1)
        {
            // Each listener has a queue of its own; one more place per listener is all that is needed here.
            _merged = Channel.CreateBounded<TcpConnection>(_listeners.Length);
            foreach (var listener in _listeners)
            {
                _ = MergeAsync(listener, _merged.Writer, _stopping.Token);
            }
        }
    }

    /// <summary>Where it listens; the port is never 0.</summary>
    public IReadOnlyList<IPEndPoint> LocalEndPoints => [.. _listeners.Select(listener => listener.LocalEndPoint)];

    /// <summary>The same port on all addresses.</summary>
    public int Port => _listeners[0].LocalEndPoint.Port;

    /// <exception cref="SocketException">The listener was disposed (<see cref="SocketError.OperationAborted"/>).</exception>
    public async ValueTask<TcpConnection> AcceptAsync(CancellationToken cancellationToken = default)
    {
        if (_merged is null)
        {
            return await _listeners[0].AcceptAsync(cancellationToken).ConfigureAwait(false);
        }

        try
        {
            return await _merged.Reader.ReadAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (ChannelClosedException)
        {
            throw new SocketException((int)SocketError.OperationAborted);
        }
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0)
        {
            return;
        }

        _stopping.Cancel();
        foreach (var listener in _listeners)
        {
            listener.Dispose();
        }

        _merged?.Writer.TryComplete();
        while (_merged is not null && _merged.Reader.TryRead(out var waiting))
        {
            waiting.Abort();
        }

        _stopping.Dispose();
        _disposed?.Invoke();
    }

    private static async Task MergeAsync(TcpPortListener listener, ChannelWriter<TcpConnection> merged, CancellationToken stopping)
    {
        try
        {
            while (true)
            {
                var connection = await listener.AcceptAsync(stopping).ConfigureAwait(false);
                try
                {
                    await merged.WriteAsync(connection, stopping).ConfigureAwait(false);
                }
                catch
                {
                    connection.Abort();
                    throw;
                }
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ChannelClosedException)
        {
            // Nobody listens any more.
        }
    }
}

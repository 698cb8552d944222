using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using Fairlead.Tailnet.Netstack;
using Fairlead.Tailnet.Netstack.Tcp;

namespace Fairlead.Tailnet.Nodes;

/// <summary>
/// Takes connections from the tailnet. One that was made without an address follows the node's, or its service's, when those change.
/// Disposing it refuses new connections; accepted ones live on.
/// </summary>
public sealed class TailnetListener : IDisposable
{
    /// <summary>Each address has a queue of its own; one place for each family is all that is needed here.</summary>
    private const int Places = 2;

    private readonly NetworkStack _stack;
    private readonly TcpListenOptions? _options;
    private readonly Action<TailnetListener>? _disposed;
    private readonly Channel<TcpConnection> _merged = Channel.CreateBounded<TcpConnection>(Places);
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _gate = new();
    private List<TcpPortListener> _listeners = [];
    private bool _isDisposed;

    /// <param name="port">0 for one that is free on the first address.</param>
    /// <param name="disposed">Called when nobody listens any more.</param>
    /// <exception cref="SocketException">Somebody listens there already; nobody listens on the other addresses then.</exception>
    internal TailnetListener(NetworkStack stack, IEnumerable<IPAddress> addresses, int port, TcpListenOptions? options, Action<TailnetListener>? disposed = null)
    {
        _stack = stack;
        _options = options;
        _disposed = disposed;
        Port = port;
        try
        {
            foreach (var address in addresses)
            {
                _listeners.Add(Listen(address));
            }
        }
        catch
        {
            _listeners.ForEach(listener => listener.Dispose());
            _stopping.Dispose();
            throw;
        }
    }

    /// <summary>Where it listens; the port is never 0. Empty while a service that it hosts is not approved.</summary>
    public IReadOnlyList<IPEndPoint> LocalEndPoints
    {
        get
        {
            lock (_gate)
            {
                return [.. _listeners.Select(listener => listener.LocalEndPoint)];
            }
        }
    }

    /// <summary>The same port on all addresses.</summary>
    public int Port { get; private set; }

    /// <exception cref="SocketException">The listener was disposed, or the node stopped (<see cref="SocketError.OperationAborted"/>).</exception>
    public async ValueTask<TcpConnection> AcceptAsync(CancellationToken cancellationToken = default)
    {
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
        lock (_gate)
        {
            if (_isDisposed)
            {
                return;
            }

            _isDisposed = true;
        }

        _stopping.Cancel();
        _listeners.ForEach(listener => listener.Dispose());
        _merged.Writer.TryComplete();
        while (_merged.Reader.TryRead(out var waiting))
        {
            waiting.Abort();
        }

        _stopping.Dispose();
        _disposed?.Invoke(this);
    }

    /// <summary>Listens on these addresses from now on. Those that stay lose nothing.</summary>
    /// <param name="refused">Told of those where somebody else listens on the port.</param>
    internal void Follow(IReadOnlyCollection<IPAddress> addresses, Action<IPEndPoint, SocketException> refused)
    {
        lock (_gate)
        {
            if (_isDisposed)
            {
                return;
            }

            var present = _listeners.ToDictionary(listener => listener.LocalEndPoint.Address);
            _listeners = [];
            foreach (var address in addresses)
            {
                try
                {
                    _listeners.Add(present.Remove(address, out var stays) ? stays : Listen(address));
                }
                catch (SocketException e)
                {
                    refused(new IPEndPoint(address, Port), e);
                }
            }

            foreach (var gone in present.Values)
            {
                gone.Dispose();
            }
        }
    }

    private TcpPortListener Listen(IPAddress address)
    {
        var listener = _stack.ListenTcp(new IPEndPoint(address, Port), _options);
        Port = listener.LocalEndPoint.Port;
        _ = MergeAsync(listener, _merged.Writer, _stopping.Token);
        return listener;
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
            // Nobody listens there any more.
        }
    }
}

using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;

namespace Fairlead.Tailnet.Netstack.Tcp;

/// <summary>Takes connections to a port. Disposing it refuses new ones and resets those not yet accepted; accepted ones live on.</summary>
public sealed class TcpPortListener : IDisposable
{
    private readonly TcpLayer _layer;
    private readonly Channel<TcpConnection> _accepted =
        Channel.CreateUnbounded<TcpConnection>(new UnboundedChannelOptions { AllowSynchronousContinuations = true });

    private int _handshakes;
    private int _waiting;
    private bool _usesCookies;
    private bool _disposed;

    internal TcpPortListener(TcpLayer layer, IPEndPoint local, TcpListenOptions options)
    {
        _layer = layer;
        LocalEndPoint = local;
        Options = options;
    }

    /// <summary>Where it listens; the port is never 0.</summary>
    public IPEndPoint LocalEndPoint { get; }

    internal TcpListenOptions Options { get; }

    /// <summary>Whether a cookie was ever sent: only then can one come back.</summary>
    internal bool UsesCookies => Volatile.Read(ref _usesCookies);

    internal bool HasRoom => Volatile.Read(ref _waiting) < Options.AcceptBacklog && !Volatile.Read(ref _disposed);

    internal int Handshakes => Volatile.Read(ref _handshakes);

    /// <exception cref="SocketException">The listener was disposed (<see cref="SocketError.OperationAborted"/>).</exception>
    public async ValueTask<TcpConnection> AcceptAsync(CancellationToken cancellation = default)
    {
        while (await _accepted.Reader.WaitToReadAsync(cancellation).ConfigureAwait(false))
        {
            if (_accepted.Reader.TryRead(out var connection))
            {
                Interlocked.Decrement(ref _waiting);
                return connection;
            }
        }

        throw new SocketException((int)SocketError.OperationAborted);
    }

    public void Dispose()
    {
        Volatile.Write(ref _disposed, true);
        _layer.Unlisten(this);
        _accepted.Writer.TryComplete();
        while (_accepted.Reader.TryRead(out var connection))
        {
            connection.Abort();
        }
    }

    internal HandshakeAdmission Admit()
    {
        if (!HasRoom)
        {
            return HandshakeAdmission.Ignore;
        }

        if (Interlocked.Increment(ref _handshakes) <= Options.HandshakeBacklog)
        {
            return HandshakeAdmission.Remember;
        }

        Interlocked.Decrement(ref _handshakes);
        Volatile.Write(ref _usesCookies, true);
        return HandshakeAdmission.Cookie;
    }

    internal void HandshakeBegan() => Interlocked.Increment(ref _handshakes);

    /// <summary>A handshake failed.</summary>
    internal void HandshakeEnded() => Interlocked.Decrement(ref _handshakes);

    internal void Established(TransmissionControlBlock block)
    {
        Interlocked.Decrement(ref _handshakes);
        Interlocked.Increment(ref _waiting);
        _layer.Work.Run(new AcceptDelivery(this, block.Connection!));
    }

    internal void Deliver(TcpConnection connection)
    {
        if (!_accepted.Writer.TryWrite(connection))
        {
            connection.Abort();
        }
    }
}

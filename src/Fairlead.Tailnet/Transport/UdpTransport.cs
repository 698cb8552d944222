using System.Net.Sockets;

namespace Fairlead.Tailnet.Transport;

/// <summary>
/// UDP sockets of both address families on one port. Sending never throws and never waits longer than a millisecond or so; what the
/// kernel does not take is dropped and counted. Received datagrams come on a few threads that all transports of the process share.
/// </summary>
public sealed class UdpTransport : IDatagramSender, IDisposable
{
    private readonly UdpTransportOptions _options;
    private readonly UdpCounters _counters = new();
    private readonly Lock _gate = new();
    private volatile UdpSocketPair? _sockets;
    private readonly Inlet _inlet = new();
    private bool _isStarted;
    private bool _disposed;

    /// <summary>Binds the sockets. Nothing is received before <see cref="Start"/>.</summary>
    /// <exception cref="SocketException">No port could be bound, or the required one is taken.</exception>
    public UdpTransport(UdpTransportOptions? options = null)
    {
        _options = options ?? new UdpTransportOptions();
        var sockets = UdpSocketPair.Bind(_options.Port, _options, _counters);
        _sockets = sockets;
        Port = sockets.Port;
    }

    /// <summary>The local port, the same for both families. May change with <see cref="Rebind"/>.</summary>
    public ushort Port { get; private set; }

    public bool HasIPv4 => _sockets?.HasIPv4 == true;

    public bool HasIPv6 => _sockets?.HasIPv6 == true;

    public UdpStatistics Statistics => _counters.Snapshot();

    /// <summary>
    /// Begins to receive; called again, gives what comes to another receiver from then on. A call to a receiver may still run when this,
    /// <see cref="Dispose"/> or <see cref="Rebind"/> returns.
    /// </summary>
    public void Start(IDatagramReceiver receiver)
    {
        ArgumentNullException.ThrowIfNull(receiver);
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            _inlet.Receiver = receiver;
            if (!_isStarted)
            {
                _isStarted = true;
                _sockets?.Start(_inlet);
            }
        }
    }

    /// <summary>
    /// Replaces the sockets, as after a change of the network: bound addresses, routes and offload abilities are found anew. The port
    /// stays if it can and is meant to; datagrams sent or received meanwhile may be lost.
    /// </summary>
    /// <exception cref="SocketException">No port could be bound. The transport then drops everything until a rebind succeeds.</exception>
    public void Rebind()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            _sockets?.Dispose();
            _sockets = null;
            var sockets = UdpSocketPair.Bind(_options.KeepsPort ? Port : _options.Port, _options, _counters);
            Port = sockets.Port;
            _sockets = sockets;
            if (_isStarted)
            {
                sockets.Start(_inlet);
            }
        }
    }

    /// <inheritdoc/>
    public void Send(in PathAddress to, ReadOnlySpan<byte> datagrams, int datagramSize)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(datagramSize);
        if (datagrams.IsEmpty)
        {
            return;
        }

        if (!to.IsDerp && !to.Udp.IsNone && _sockets?.For(to.Udp) is { } socket)
        {
            socket.Send(to.Udp, datagrams, datagramSize);
        }
        else
        {
            _counters.Dropped((datagrams.Length + datagramSize - 1) / datagramSize);
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            _sockets?.Dispose();
            _sockets = null;
        }
    }

    private sealed class Inlet : IDatagramReceiver
    {
        private volatile IDatagramReceiver? _receiver;

        public IDatagramReceiver Receiver
        {
            set => _receiver = value;
        }

        public void Receive(Span<byte> datagram, in PathAddress from) => _receiver!.Receive(datagram, from);

        public void EndOfBatch() => _receiver!.EndOfBatch();
    }
}

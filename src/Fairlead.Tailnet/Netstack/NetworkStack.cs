using System.Net;
using System.Net.Sockets;
using Fairlead.Tailnet.Netstack.Icmp;
using Fairlead.Tailnet.Netstack.Ip;
using Fairlead.Tailnet.Netstack.Tcp;
using Fairlead.Tailnet.Netstack.Udp;
using Fairlead.Tailnet.Packets;

namespace Fairlead.Tailnet.Netstack;

/// <summary>
/// A host's IPv4 and IPv6 stack in user space: ICMP, UDP and TCP over whatever carries its packets. It does no I/O of its own, and an idle
/// one has no timer armed. Safe for use from any thread.
/// </summary>
public sealed class NetworkStack : IPacketReceiver, IDisposable
{
    private readonly StackServices _services;
    private readonly Reassembler _reassembler;
    private readonly IcmpLayer _icmp;
    private readonly TcpLayer _tcp;
    private readonly UdpLayer _udp;
    private volatile bool _disposed;

    /// <param name="link">Where packets go out. May be called under the stack's locks, so it must not call back into the stack.</param>
    public NetworkStack(IPacketLink link, NetworkStackOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(link);
        _services = new StackServices(link, this, options ?? NetworkStackOptions.Default);
        _reassembler = new Reassembler(_services.Clock, _services.Timers, _services.Options.MaxReassemblyBytes);
        _icmp = new IcmpLayer(_services, OnReport);
        _tcp = new TcpLayer(_services);
        _udp = new UdpLayer(_services, _icmp);
    }

    /// <summary>The addresses that are this host's, in the order they were added.</summary>
    public IReadOnlyList<IPAddress> Addresses => _services.Addresses.All;

    /// <summary>
    /// Take packets to any address, as a subnet router and a host of virtual services do: for listeners on any address, and for the
    /// fallbacks. Otherwise packets to addresses that are not ours are dropped.
    /// </summary>
    public bool AcceptsAnyDestination { get; set; }

    /// <summary>Decides about connections that no listener takes; without it they are refused.</summary>
    public TcpFlowHandler? TcpFallback
    {
        get => _tcp.Fallback;
        set => _tcp.Fallback = value;
    }

    /// <summary>Decides about datagrams no socket is bound for; without it they are answered with "port unreachable".</summary>
    public UdpFlowHandler? UdpFallback
    {
        get => _udp.Fallback;
        set => _udp.Fallback = value;
    }

    internal TcpLayer Tcp => _tcp;

    internal StackServices Services => _services;

    internal Reassembler Reassembler => _reassembler;

    public void AddAddress(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        _services.Addresses.Add(address);
    }

    /// <summary>Takes an address away; its connections end with <see cref="SocketError.AddressNotAvailable"/>.</summary>
    public void RemoveAddress(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        if (_services.Addresses.Remove(address))
        {
            _tcp.Drop(IpAddress.From(address), SocketError.AddressNotAvailable);
            _services.Ip.Flush();
        }
    }

    /// <summary>Listens on a port.</summary>
    /// <param name="local">
    /// A specific address need not be one of this host's yet. <see cref="IPAddress.Any"/> takes all IPv4 addresses,
    /// <see cref="IPAddress.IPv6Any"/> those of both families; a listener on a specific address comes first. Port 0 chooses one.
    /// </param>
    /// <exception cref="SocketException">Someone listens there already.</exception>
    public TcpPortListener ListenTcp(IPEndPoint local, TcpListenOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(local);
        ObjectDisposedException.ThrowIf(_disposed, this);
        return _tcp.Listen(local, options ?? TcpListenOptions.Default);
    }

    /// <summary>Opens a connection.</summary>
    /// <param name="local">Address and port to connect from; null, or their unspecified values, let the stack choose.</param>
    /// <exception cref="IOException">It failed; the <see cref="SocketException"/> inside says why.</exception>
    /// <exception cref="SocketException">No address of that family, or the local end is taken.</exception>
    public ValueTask<TcpConnection> ConnectTcpAsync(
        IPEndPoint remote, IPEndPoint? local = null, TcpConnectionOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(remote);
        ObjectDisposedException.ThrowIf(_disposed, this);
        return _tcp.ConnectAsync(remote, local, options ?? TcpConnectionOptions.Default, cancellationToken);
    }

    /// <summary>Binds a UDP port.</summary>
    /// <param name="local">As for <see cref="ListenTcp"/>.</param>
    /// <param name="remote">Connects the socket: it takes datagrams of this peer only, and hears of errors.</param>
    /// <exception cref="SocketException">The port is taken, or no address fits the peer.</exception>
    public UdpSocket BindUdp(IPEndPoint local, IPEndPoint? remote = null)
    {
        ArgumentNullException.ThrowIfNull(local);
        ObjectDisposedException.ThrowIf(_disposed, this);
        return _udp.Bind(local, remote);
    }

    /// <summary>Sends an ICMP echo request and waits for the reply.</summary>
    /// <param name="size">Bytes of data in the request.</param>
    /// <returns>The round-trip time.</returns>
    /// <exception cref="TimeoutException">No reply came in time.</exception>
    public async Task<TimeSpan> PingAsync(IPAddress destination, TimeSpan timeout, int size = 32, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(destination);
        ArgumentOutOfRangeException.ThrowIfNegative(size);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(size, 65_000);
        return await _icmp.Echo.PingAsync(IpAddress.From(destination), size, timeout, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc />
    public void Receive(ReadOnlySpan<byte> packet)
    {
        if (_disposed)
        {
            return;
        }

        var verdict = IpInput.Parse(packet, out var header);
        if (verdict is not (IpVerdict.Deliver or IpVerdict.Fragment))
        {
            return;
        }

        var foreign = !_services.Addresses.Contains(header.Destination);
        if (foreign && !AcceptsAnyDestination)
        {
            return;
        }

        var payload = packet.Slice(header.PayloadOffset, header.PayloadLength);
        if (verdict == IpVerdict.Deliver)
        {
            Deliver(header, payload, packet, reassembled: false, foreign);
            return;
        }

        using var whole = _reassembler.Add(header, payload);
        if (whole is not null)
        {
            DeliverWhole(header, whole, packet, foreign);
        }
    }

    /// <inheritdoc />
    public void EndOfBatch()
    {
        _tcp.EndBatch();
        _services.Ip.Flush();
    }

    /// <summary>Ends all connections with a reset.</summary>
    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        _tcp.CloseListeners();
        _udp.CloseAll();
        _tcp.Drop(null, SocketError.NetworkDown);
        _services.Ip.Flush();
        _services.Dispose();
    }

    /// <summary>
    /// Ends what peers began and may not go on with: connections, with a reset, and flows that <see cref="UdpFallback"/> took. The stack's
    /// own with itself are no peer's.
    /// </summary>
    /// <param name="reasonToEnd">Given a flow and its protocol; null for those that may go on.</param>
    internal void EndIncoming(Func<FlowKey, byte, SocketError?> reasonToEnd)
    {
        _tcp.EndIncoming(flow => ReasonToEnd(flow, IpProtocol.Tcp));
        _udp.EndIncoming(flow => ReasonToEnd(flow, IpProtocol.Udp));
        _services.Ip.Flush();

        SocketError? ReasonToEnd(in FlowKey flow, byte protocol) => _services.Addresses.Contains(flow.Remote) ? null : reasonToEnd(flow, protocol);
    }

    /// <summary>The peer is known to take no such connection: one that waits for its first answer fails now.</summary>
    internal void Refused(IPEndPoint local, IPEndPoint remote) =>
        _tcp.Refused(new FlowKey(IpAddress.From(local.Address), IpAddress.From(remote.Address), (ushort)local.Port, (ushort)remote.Port));

    private void DeliverWhole(in IpHeader last, Reassembly whole, ReadOnlySpan<byte> packet, bool foreign)
    {
        var header = last with { Protocol = whole.Protocol, PayloadOffset = 0, PayloadLength = whole.Payload.Length, FragmentOffset = 0, MoreFragments = false };
        if (!header.Source.IsV4 && IpInput.SkipExtensions(whole.Payload, 0, ref header) != IpVerdict.Deliver)
        {
            return;
        }

        Deliver(header, whole.Payload.Slice(header.PayloadOffset, header.PayloadLength), packet, reassembled: true, foreign);
    }

    private void Deliver(in IpHeader header, ReadOnlySpan<byte> payload, ReadOnlySpan<byte> packet, bool reassembled, bool foreign)
    {
        var datagram = new IpDatagram
        {
            Source = header.Source,
            Destination = header.Destination,
            Protocol = header.Protocol,
            Payload = payload,
            Packet = packet,
            Reassembled = reassembled,
        };
        switch (header.Protocol)
        {
            case IpProtocol.Tcp:
                _tcp.Receive(datagram, foreign);
                break;
            case IpProtocol.Udp:
                _udp.Receive(datagram, foreign);
                break;
            case IpProtocol.IcmpV4 when header.Source.IsV4:
            case IpProtocol.IcmpV6 when !header.Source.IsV4:
                _icmp.Receive(datagram, foreign);
                break;
            default:
                if (!foreign)
                {
                    _icmp.Send(datagram, IcmpError.ProtocolUnreachable);
                }

                break;
        }
    }

    private void OnReport(IcmpReport report)
    {
        if (report.PathMtu != 0 && IsPlausible(report))
        {
            _services.Paths.Learn(report.Flow.Remote, Math.Min(report.PathMtu, _services.Ip.Mtu));
        }

        if (report.Protocol == IpProtocol.Tcp)
        {
            _tcp.OnPathError(report.Flow, report.Sequence, report.Error, report.IsHard, report.PathMtu);
        }
        else
        {
            _udp.OnPathError(report.Flow, report.Error, report.IsHard);
        }
    }

    /// <summary>Whether the flow a report quotes is one of ours; TCP asks for more before it believes.</summary>
    private bool IsPlausible(in IcmpReport report) =>
        report.Protocol == IpProtocol.Tcp ? _tcp.IsInFlight(report.Flow, report.Sequence) : _udp.HasSocket(report.Flow);
}

using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Fairlead.Tailnet.Netstack.Icmp;
using Fairlead.Tailnet.Netstack.Ip;
using Fairlead.Tailnet.Packets;

namespace Fairlead.Tailnet.Netstack.Udp;

/// <summary>Finds the socket of each datagram (RFC 768) and sends them.</summary>
internal sealed class UdpLayer(StackServices services, IcmpLayer icmp)
{
    private const int HeaderSize = 8;
    private const int LargestPayload = ushort.MaxValue - IpOutput.V4HeaderSize - HeaderSize;

    private readonly ConcurrentDictionary<FlowKey, UdpSocket> _connected =
        new(concurrencyLevel: 4, capacity: 7, new FlowKeyComparer(services.Random.NextUInt64() | 1));

    private readonly ConcurrentDictionary<(IpAddress Address, ushort Port), UdpSocket> _bound = new();
    private readonly ForwardedFlows _forwarded = new(services.Options.MaxForwardedUdpFlows);

    public WorkQueue Work => services.Work;

    /// <summary>Decides about datagrams no socket takes.</summary>
    public UdpFlowHandler? Fallback { get; set; }

    /// <param name="foreign">The destination is none of our addresses.</param>
    public void Receive(in IpDatagram datagram, bool foreign)
    {
        if (!TryParse(datagram, out var flow, out var payload))
        {
            return;
        }

        if (Find(flow) is { } socket)
        {
            socket.Deliver(flow, payload);
        }
        else if (Fallback is { } fallback && flow.Remote.IsUnicast && flow.Local.IsUnicast)
        {
            Forward(datagram, flow, payload, fallback);
        }
        else if (!foreign)
        {
            icmp.Send(datagram, IcmpError.PortUnreachable);
        }
    }

    /// <exception cref="SocketException">Another socket has that port.</exception>
    public UdpSocket Bind(IPEndPoint local, IPEndPoint? remote)
    {
        if (remote is not null && local.Address is var address && (address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any)))
        {
            local = new IPEndPoint(services.Addresses.SourceFor(IpAddress.From(remote.Address)).ToIPAddress(), local.Port);
        }

        if (local.Port != 0)
        {
            return TryBind(local, remote) ?? throw new SocketException((int)SocketError.AddressAlreadyInUse);
        }

        foreach (var port in EphemeralPorts.Candidates(services.Random))
        {
            if (TryBind(new IPEndPoint(local.Address, port), remote) is { } socket)
            {
                return socket;
            }
        }

        throw new SocketException((int)SocketError.AddressAlreadyInUse);
    }

    public void Close(UdpSocket socket)
    {
        if (socket.Flow is { } flow)
        {
            _connected.TryRemove(new(flow, socket));
        }
        else
        {
            _bound.TryRemove(new(Key(socket.LocalEndPoint), socket));
        }

        if (socket.Owner is not null)
        {
            _forwarded.Remove(socket);
        }
    }

    /// <summary>Ends flows that peers began and may not go on with.</summary>
    /// <param name="reasonToEnd">Null for those that may.</param>
    public void EndIncoming(Func<FlowKey, SocketError?> reasonToEnd)
    {
        foreach (var (flow, socket) in _connected)
        {
            if (socket.Owner is not null && reasonToEnd(flow) is not null)
            {
                socket.Dispose();
            }
        }
    }

    public void CloseAll()
    {
        foreach (var socket in _connected.Values.Concat(_bound.Values))
        {
            socket.Dispose();
        }
    }

    public void Send(in IpAddress local, ushort localPort, in IpAddress remote, ushort remotePort, ReadOnlySpan<byte> payload)
    {
        var source = local.IsAny ? services.Addresses.SourceFor(remote) : local;
        if (source.IsV4 != remote.IsV4)
        {
            throw new SocketException((int)SocketError.AddressFamilyNotSupported);
        }

        Send(new FlowKey(source, remote, localPort, remotePort), payload);
    }

    public void Send(in FlowKey flow, ReadOnlySpan<byte> payload)
    {
        if (payload.Length > LargestPayload)
        {
            throw new SocketException((int)SocketError.MessageSize);
        }

        var ipHeader = IpOutput.HeaderSize(flow.Local);
        var packet = IpOutput.Scratch(ipHeader + HeaderSize + payload.Length);
        var datagram = packet[ipHeader..];
        BinaryPrimitives.WriteUInt16BigEndian(datagram, flow.LocalPort);
        BinaryPrimitives.WriteUInt16BigEndian(datagram[2..], flow.RemotePort);
        BinaryPrimitives.WriteUInt16BigEndian(datagram[4..], (ushort)datagram.Length);
        BinaryPrimitives.WriteUInt16BigEndian(datagram[6..], 0);
        var sum = Checksum.PseudoHeader(flow.Local, flow.Remote, IpProtocol.Udp) + Checksum.Length(datagram.Length);
        sum = Checksum.Copy(sum, payload, datagram[HeaderSize..]);
        var checksum = Checksum.Finish(Checksum.Add(sum, datagram[..HeaderSize]));
        Checksum.Store(datagram[6..], checksum == 0 ? ushort.MaxValue : checksum); // 0 would say that there is none
        services.Ip.SendDatagram(packet, flow.Local, flow.Remote, IpProtocol.Udp, services.Paths.MtuTo(flow.Remote, services.Ip.Mtu));
        services.Ip.Flush();
    }

    /// <summary>An ICMP error that quotes a datagram of ours; connected sockets hear of it (RFC 1122 section 4.1.3.3).</summary>
    public void OnPathError(in FlowKey flow, SocketError error, bool hard)
    {
        if (hard && _connected.TryGetValue(flow, out var socket))
        {
            socket.Report(error);
        }
    }

    public bool HasSocket(in FlowKey flow) => Find(flow) is not null;

    private static bool TryParse(in IpDatagram datagram, out FlowKey flow, out ReadOnlySpan<byte> payload)
    {
        flow = default;
        payload = default;
        var bytes = datagram.Payload;
        if (bytes.Length < HeaderSize)
        {
            return false;
        }

        var length = BinaryPrimitives.ReadUInt16BigEndian(bytes[4..]);
        if (length < HeaderSize || length > bytes.Length)
        {
            return false;
        }

        bytes = bytes[..length];
        var hasChecksum = BinaryPrimitives.ReadUInt16BigEndian(bytes[6..]) != 0;
        var sum = Checksum.PseudoHeader(datagram.Source, datagram.Destination, IpProtocol.Udp) + Checksum.Length(length);
        // Only IPv4 lets a datagram go without (RFC 8200 section 8.1).
        if (hasChecksum ? Checksum.Finish(Checksum.Add(sum, bytes)) != 0 : !datagram.Source.IsV4)
        {
            return false;
        }

        var ports = BinaryPrimitives.ReadUInt32BigEndian(bytes);
        flow = new FlowKey(datagram.Destination, datagram.Source, (ushort)ports, (ushort)(ports >> 16));
        payload = bytes[HeaderSize..];
        return true;
    }

    private static (IpAddress Address, ushort Port) Key(IPEndPoint local) => (IpAddress.From(local.Address), (ushort)local.Port);

    private UdpSocket? Find(in FlowKey flow)
    {
        if (_connected.TryGetValue(flow, out var socket) || _bound.IsEmpty)
        {
            return socket;
        }

        return _bound.TryGetValue((flow.Local, flow.LocalPort), out socket)
            || (flow.Local.IsV4 && _bound.TryGetValue((IpAddress.From(IPAddress.Any), flow.LocalPort), out socket))
            || _bound.TryGetValue((IpAddress.From(IPAddress.IPv6Any), flow.LocalPort), out socket)
            ? socket
            : null;
    }

    private UdpSocket? TryBind(IPEndPoint local, IPEndPoint? remote)
    {
        if (remote is null)
        {
            var bound = new UdpSocket(this, local, null, owner: null);
            return _bound.TryAdd(Key(local), bound) ? bound : null;
        }

        var flow = new FlowKey(IpAddress.From(local.Address), IpAddress.From(remote.Address), (ushort)local.Port, (ushort)remote.Port);
        var connected = new UdpSocket(this, local, flow, owner: null);
        return _connected.TryAdd(flow, connected) ? connected : null;
    }

    private void Forward(in IpDatagram datagram, in FlowKey flow, ReadOnlySpan<byte> payload, UdpFlowHandler fallback)
    {
        var verdict = fallback(flow.RemoteEndPoint, flow.LocalEndPoint);
        if (verdict.Handler is { } handler)
        {
            var owner = verdict.Owner ?? flow.Remote;
            var socket = new UdpSocket(this, flow.LocalEndPoint, flow, owner);
            if (!_forwarded.TryAdd(socket, owner, out var displaced))
            {
                return;
            }

            displaced?.Dispose();
            if (_connected.TryAdd(flow, socket))
            {
                socket.Deliver(flow, payload);
                Work.Run(new UdpFlowStart(handler, socket));
            }
            else
            {
                socket.Dispose(); // another thread brought the flow's second datagram in the meantime
            }
        }
        else if (verdict.IsRejected)
        {
            icmp.Send(datagram, IcmpError.PortUnreachable);
        }
    }
}

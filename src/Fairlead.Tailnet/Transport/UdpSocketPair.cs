using System.Net;
using System.Net.Sockets;

namespace Fairlead.Tailnet.Transport;

/// <summary>An IPv4 and an IPv6 socket on one port, as far as the system has both families.</summary>
internal sealed class UdpSocketPair : IDisposable
{
    // A port free for one family may be taken for the other. Ephemeral ports rarely collide twice.
    private const int Attempts = 16;

    private readonly UdpSocket? _ipv4;
    private readonly UdpSocket? _ipv6;

    private UdpSocketPair(UdpSocket? ipv4, UdpSocket? ipv6)
    {
        _ipv4 = ipv4;
        _ipv6 = ipv6;
        Port = (ipv4 ?? ipv6)!.Port;
    }

    public ushort Port { get; }

    public bool HasIPv4 => _ipv4 is not null;

    public bool HasIPv6 => _ipv6 is not null;

    /// <exception cref="SocketException">No port could be bound, or the required one is taken.</exception>
    public static UdpSocketPair Bind(ushort port, UdpTransportOptions options, UdpCounters counters)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return BindBoth(port, options, counters);
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse && attempt < Attempts && !(options.PortIsRequired && port != 0))
            {
                port = 0;
            }
        }
    }

    public void Start(IDatagramReceiver receiver)
    {
        _ipv4?.Start(receiver);
        _ipv6?.Start(receiver);
    }

    public UdpSocket? For(in UdpAddress address) => address.IsIPv4 ? _ipv4 : _ipv6;

    public void Dispose()
    {
        _ipv4?.Dispose();
        _ipv6?.Dispose();
    }

    private static UdpSocketPair BindBoth(ushort port, UdpTransportOptions options, UdpCounters counters)
    {
        UdpSocket? ipv4 = null;
        try
        {
            SocketException? missing = null;
            if (options.IPv4 is { } address4 && !TryBind(address4, port, options, counters, out ipv4, out missing) && options.IPv6 is null)
            {
                throw missing!;
            }

            UdpSocket? ipv6 = null;
            if (options.IPv6 is { } address6 && !TryBind(address6, ipv4?.Port ?? port, options, counters, out ipv6, out missing) && ipv4 is null)
            {
                throw missing!;
            }

            return ipv4 is null && ipv6 is null
                ? throw new ArgumentException($"{nameof(options.IPv4)} and {nameof(options.IPv6)} are both null; one address to bind is needed.", nameof(options))
                : new UdpSocketPair(ipv4, ipv6);
        }
        catch
        {
            ipv4?.Dispose();
            throw;
        }
    }

    /// <returns>False if the system lacks the family or the address.</returns>
    private static bool TryBind(IPAddress address, ushort port, UdpTransportOptions options, UdpCounters counters, out UdpSocket? socket, out SocketException? missing)
    {
        try
        {
            socket = UdpSocket.Bind(address, port, options, counters);
            missing = null;
            return true;
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.AddressFamilyNotSupported or SocketError.AddressNotAvailable or SocketError.ProtocolFamilyNotSupported)
        {
            socket = null;
            missing = e;
            return false;
        }
    }
}

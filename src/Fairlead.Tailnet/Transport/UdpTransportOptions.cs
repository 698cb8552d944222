using System.Net;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fairlead.Tailnet.Transport;

/// <summary>What sockets a <see cref="UdpTransport"/> opens.</summary>
public sealed record UdpTransportOptions
{
    /// <summary>Port wished for; 0: any free one.</summary>
    public ushort Port { get; init; }

    /// <summary>Whether to fail when <see cref="Port"/> is taken, instead of using another.</summary>
    public bool PortIsRequired { get; init; }

    /// <summary>Whether <see cref="UdpTransport.Rebind"/> keeps the port if it can: peers and firewalls know it.</summary>
    public bool KeepsPort { get; init; } = true;

    /// <summary>Local IPv4 address to bind; null: no IPv4.</summary>
    public IPAddress? IPv4 { get; init; } = IPAddress.Any;

    /// <summary>Local IPv6 address to bind; null: no IPv6.</summary>
    public IPAddress? IPv6 { get; init; } = IPAddress.IPv6Any;

    /// <summary>
    /// Bytes the kernel may hold per socket and direction. Asked for, not guaranteed: Linux caps it at <c>net.core.rmem_max</c> and
    /// <c>wmem_max</c>. 7 MiB is 20 ms at 3 Gbit/s, about what a busy machine keeps a thread waiting.
    /// </summary>
    public int SocketBufferSize { get; init; } = 7 << 20;

    public UdpBatching Batching { get; init; }

    public ILogger Logger { get; init; } = NullLogger.Instance;
}

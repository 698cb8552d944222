using System.Net;
using Fairlead.Tailnet.Protocol.Cryptography;

namespace Fairlead.Dev.Tailnet.Relay;

/// <summary>How an embedded relay runs. One server is one region of a DERP map.</summary>
public sealed record RelayServerOptions
{
    public int RegionId { get; init; } = 900;

    public string RegionCode { get; init; } = "dev";

    public string RegionName { get; init; } = "Development";

    /// <summary>Name of the server in the DERP map and in its certificate.</summary>
    public string HostName { get; init; } = "derp.fairlead.test";

    /// <summary>Addresses to listen on, for DERP and for STUN: at most one of each family.</summary>
    public IReadOnlyList<IPAddress> Addresses { get; init; } = [IPAddress.Loopback, IPAddress.IPv6Loopback];

    /// <summary>TCP port; 0 = a free one.</summary>
    public int Port { get; init; }

    /// <summary>UDP port; 0 = a free one.</summary>
    public int StunPort { get; init; }

    /// <summary>Whether to speak TLS, with a certificate made at the start that clients know by its hash. Real nodes need it.</summary>
    public bool Tls { get; init; } = true;

    /// <summary>Whether the DERP map tells clients not to check the certificate: for those that do not know pins.</summary>
    public bool InsecureForTests { get; init; }

    /// <summary>Packets that wait for one client at most. When more come, the oldest go.</summary>
    public int QueueLength { get; init; } = 512;

    /// <summary>Key of the server; null = a new one.</summary>
    public PrivateKey? Key { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>For jitter and <see cref="RelayFaults.Loss"/>; null = the process's own.</summary>
    public Random? Random { get; init; }
}

using System.Net;
using Fairlead.Tailnet.Protocol.Control;
using Fairlead.Tailnet.Protocol.Cryptography;

namespace Fairlead.Tailnet.Nodes;

/// <summary>A peer, and how the node reaches it at one moment.</summary>
public sealed record TailnetPeerStatus
{
    public required string StableId { get; init; }

    public required NodePublicKey PublicKey { get; init; }

    /// <summary>Whole name without a final dot.</summary>
    public required string Name { get; init; }

    public required string HostName { get; init; }

    public string OS { get; init; } = "";

    public required IReadOnlyList<IPAddress> Addresses { get; init; }

    public required IReadOnlyList<IPPrefix> AllowedIPs { get; init; }

    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>Null if the server does not say.</summary>
    public bool? Online { get; init; }

    public DateTimeOffset? LastSeen { get; init; }

    /// <summary>The UDP address that carries traffic; empty while it is relayed or there is none.</summary>
    public string CurrentAddress { get; init; } = "";

    /// <summary>Code of the peer's home region.</summary>
    public string Relay { get; init; } = "";

    public long ReceivedBytes { get; init; }

    public long SentBytes { get; init; }

    public DateTimeOffset? LastHandshake { get; init; }

    public bool Expired { get; init; }
}

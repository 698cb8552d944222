using System.Net;
using Fairlead.Tailnet.Protocol.Control.Json;
using Fairlead.Tailnet.Protocol.Cryptography;

namespace Fairlead.Tailnet.Protocol.Control.Maps;

/// <summary>Some fields of a peer. What is null or zero is as before.</summary>
public sealed record PeerChange
{
    public long NodeID { get; init; }

    /// <summary>New home region; 0 if unchanged.</summary>
    public int DERPRegion { get; init; }

    /// <summary>0 if unchanged.</summary>
    public int Cap { get; init; }

    /// <summary>Replaces the whole map; an empty one clears it.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<RawJson>>? CapMap { get; init => field = value is null ? null : WireList.MapOfLists(value); }

    /// <summary>Replaces the whole list; an empty one clears it.</summary>
    public IReadOnlyList<IPEndPoint>? Endpoints { get; init => field = WireList.OrNull(value); }

    public NodePublicKey? Key { get; init; }

    public byte[]? KeySignature { get; init; }

    public DiscoPublicKey? DiscoKey { get; init; }

    public bool? Online { get; init; }

    public DateTimeOffset? LastSeen { get; init; }

    public DateTimeOffset? KeyExpiry { get; init; }
}

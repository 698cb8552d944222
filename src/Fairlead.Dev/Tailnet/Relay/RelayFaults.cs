using System.Net;
using Fairlead.Tailnet.Protocol.Cryptography;

namespace Fairlead.Dev.Tailnet.Relay;

/// <summary>What a relay is to do wrong on purpose. May be changed at any time; holds for packets and requests that come afterwards.</summary>
public sealed class RelayFaults
{
    /// <summary>Share of relayed packets that get lost, from 0 to 1.</summary>
    public double Loss { get; set; }

    /// <summary>How long every relayed packet waits before it goes on.</summary>
    public TimeSpan Delay { get; set; }

    /// <summary>Whether to lose a packet of this source to this destination.</summary>
    public Func<NodePublicKey, NodePublicKey, bool>? Drop { get; set; }

    /// <summary>New connections are answered 503.</summary>
    public bool RefuseConnections { get; set; }

    /// <summary>STUN requests stay without an answer, as if UDP were blocked.</summary>
    public bool IgnoreStun { get; set; }

    /// <summary>What STUN answers instead of the address it saw, as if a NAT lay between.</summary>
    public Func<IPEndPoint, IPEndPoint>? MapAddress { get; set; }
}

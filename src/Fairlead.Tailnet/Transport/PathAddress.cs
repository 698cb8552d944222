using Fairlead.Tailnet.Protocol.Cryptography;

namespace Fairlead.Tailnet.Transport;

/// <summary>Where a datagram came from or goes to: a UDP address, or a node behind a relay of a DERP region.</summary>
public readonly record struct PathAddress
{
    private PathAddress(UdpAddress udp, int derpRegion, NodePublicKey node)
    {
        Udp = udp;
        DerpRegion = derpRegion;
        Node = node;
    }

    /// <summary>Meaningless for a relayed path.</summary>
    public UdpAddress Udp { get; }

    /// <summary>0 for a direct path.</summary>
    public int DerpRegion { get; }

    /// <summary>The node behind the relay; meaningless for a direct path.</summary>
    public NodePublicKey Node { get; }

    public bool IsDerp => DerpRegion != 0;

    public static PathAddress Direct(UdpAddress address) => new(address, 0, default);

    public static PathAddress Relayed(int derpRegion, NodePublicKey node) => new(default, derpRegion, node);

    public override string ToString() => IsDerp ? $"derp-{DerpRegion}" : Udp.ToString();
}

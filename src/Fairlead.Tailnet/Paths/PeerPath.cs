using Fairlead.Tailnet.Protocol.Cryptography;
using Fairlead.Tailnet.Transport;
using Fairlead.Tailnet.WireGuard;

namespace Fairlead.Tailnet.Paths;

/// <summary>The way to one peer. Kept small: a process with hundreds of nodes has hundreds of thousands of these.</summary>
internal sealed class PeerPath(PathEngine engine, NodePublicKey node) : IPeerPath
{
    private volatile ActivePath? _active;

    public NodePublicKey Node { get; } = node;

    /// <summary>Written under the engine's lock.</summary>
    public DiscoPublicKey Disco { get; set; }

    /// <summary>Written under the engine's lock.</summary>
    public IReadOnlyList<UdpAddress> Endpoints { get; set; } = [];

    public int HomeRegion { get; set; }

    /// <summary>The peer has left the network map: nothing is sent to it any more.</summary>
    public bool IsRemoved { get; set; }

    public bool HasDisco => !Disco.IsZero;

    /// <summary>Null while nobody talks to the peer. Written under the engine's lock.</summary>
    public ActivePath? Active
    {
        get => _active;
        set => _active = value;
    }

    public long BytesSentDirect;

    public long BytesSentRelayed;

    public void Send(ReadOnlySpan<byte> datagrams, int datagramSize) => engine.Send(this, datagrams, datagramSize);

    public void Authenticated(in PathAddress from) => engine.Authenticated(this, from);
}

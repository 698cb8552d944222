using System.Collections.Concurrent;
using System.Net;
using Fairlead.Tailnet.Derp;
using Fairlead.Tailnet.NetCheck;
using Fairlead.Tailnet.Paths;
using Fairlead.Tailnet.Protocol.Cryptography;
using Fairlead.Tailnet.Protocol.Derp;
using Fairlead.Tailnet.Transport;
using Fairlead.Tailnet.WireGuard;

namespace Fairlead.Tailnet.Tests.Paths;

/// <summary>
/// All of a node below WireGuard, over real sockets. In WireGuard's place: datagrams are 0x04, three zero bytes and a counter, and count
/// as authenticated when they come.
/// </summary>
internal sealed class TestNode : IDatagramReceiver, IPathObserver, IAsyncDisposable
{
    private readonly ConcurrentDictionary<int, PathAddress> _received = new();
    private readonly DiscoPrivateKey _disco = DiscoPrivateKey.Generate();
    private TestNode? _peer;

    public TestNode(DerpMap map, bool hasUdp = true, PathOptions? options = null)
    {
        Udp = hasUdp ? new UdpTransport(new UdpTransportOptions { IPv4 = IPAddress.Loopback, IPv6 = null }) : null;
        Paths = new PathManager(Key, _disco, this, this, Udp, options ?? new PathOptions
        {
            Relays = new DerpClientOptions { PlainText = true },
            LocalAddresses = [IPAddress.Loopback],
        });
        Paths.Start();
        Paths.SetRelays(map);
    }

    public NodePrivateKey Key { get; } = NodePrivateKey.Generate();

    public UdpTransport? Udp { get; }

    public PathManager Paths { get; }

    public int EndpointChanges { get; private set; }

    public PathPeer AsPeer => new()
    {
        Node = Key.PublicKey,
        Disco = _disco.PublicKey,
        HomeRegion = Paths.HomeRegion,
        Endpoints = [.. Paths.Endpoints.Select(endpoint => endpoint.Address)],
    };

    public PeerPathStatus StatusOfPeer => Paths.GetStatus(_peer!.Key.PublicKey)!;

    public static void Introduce(TestNode one, TestNode other, Func<PathPeer, PathPeer>? change = null)
    {
        one._peer = other;
        other._peer = one;
        one.Path = one.Paths.SetPeer((change ?? Same)(other.AsPeer));
        other.Path = other.Paths.SetPeer((change ?? Same)(one.AsPeer));
        static PathPeer Same(PathPeer peer) => peer;
    }

    public IPeerPath? Path { get; private set; }

    public void Send(int number)
    {
        Span<byte> datagram = [4, 0, 0, 0, (byte)(number >> 8), (byte)number];
        Path!.Send(datagram, datagram.Length);
    }

    /// <summary>How a datagram came first; null if it has not.</summary>
    public PathAddress? CameBy(int number) => _received.TryGetValue(number, out var from) ? from : null;

    public void Receive(Span<byte> datagram, in PathAddress from)
    {
        Assert.Equal(4, datagram[0]);
        _received.TryAdd((datagram[4] << 8) | datagram[5], from);
        Path!.Authenticated(from);
    }

    public void EndOfBatch()
    {
    }

    public void EndpointsChanged(IReadOnlyList<LocalEndpoint> endpoints) => EndpointChanges++;

    public void NetworkChecked(NetworkReport report, int home)
    {
    }

    /// <summary>Why the home relay is out of reach; null if it is not.</summary>
    public string? HomeProblem { get; private set; }

    public void HomeRelayChanged(int region, string? problem) => HomeProblem = problem;

    public int NetworkChanges { get; private set; }

    public void NetworkChanged() => NetworkChanges++;

    /// <summary>How often the peer was heard.</summary>
    public int Proofs { get; private set; }

    public void PathProven(NodePublicKey node, TimeSpan roundTrip) => Proofs++;

    public void PeerCalling(NodePublicKey node)
    {
    }

    public void PathChanged(NodePublicKey node)
    {
    }

    public void RelayChanged(int region)
    {
    }

    public async ValueTask DisposeAsync()
    {
        Udp?.Dispose();
        await Paths.DisposeAsync();
        _disco.Dispose();
        Key.Dispose();
    }
}

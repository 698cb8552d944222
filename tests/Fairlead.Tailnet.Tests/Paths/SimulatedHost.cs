using Fairlead.Tailnet.Paths;
using Fairlead.Tailnet.Protocol.Control.Maps;
using Fairlead.Tailnet.Protocol.Cryptography;
using Fairlead.Tailnet.Protocol.Disco;
using Fairlead.Tailnet.Transport;

namespace Fairlead.Tailnet.Tests.Paths;

/// <summary>A path engine in a simulated network. Its data are datagrams of four bytes, a number each.</summary>
internal sealed class SimulatedHost : IPathEngineHost, IDisposable
{
    private readonly SimulatedNetwork _network;
    private readonly NodePrivateKey _key = NodePrivateKey.Generate();
    private DiscoPrivateKey _disco = DiscoPrivateKey.Generate();

    public SimulatedHost(SimulatedNetwork network, UdpAddress[] addresses)
    {
        _network = network;
        Addresses = [.. addresses];
        Engine = Build();
    }

    /// <summary>Where the host is; it sends from the first.</summary>
    public List<UdpAddress> Addresses { get; }

    public NodePublicKey Node => _key.PublicKey;

    public DiscoPublicKey Disco => _disco.PublicKey;

    public PathEngine Engine { get; private set; }

    public PathPeer AsPeer => new() { Node = Node, Disco = Disco, HomeRegion = SimulatedNetwork.Region };

    /// <summary>The data that came, and the ways each came by.</summary>
    public Dictionary<int, List<PathAddress>> Data { get; } = [];

    public int DiscoSentDirectly { get; private set; }

    public int DiscoSentThroughRelay { get; private set; }

    public int DataSentDirectly { get; private set; }

    public int DataSentThroughRelay { get; private set; }

    public int EndpointRequests { get; private set; }

    /// <summary>Applied to what comes by UDP: false drops it, as a firewall.</summary>
    public Func<UdpAddress, bool> Admits { get; set; } = _ => true;

    /// <summary>Whom datagrams were sent to.</summary>
    public HashSet<(UInt128 Address, ushort Port)> SentTo { get; } = [];

    public PeerPath? Path { get; private set; }

    public static void Introduce(SimulatedHost one, SimulatedHost other, Func<PathPeer, PathPeer>? change = null)
    {
        one.Meet((change ?? Same)(other.AsPeer));
        other.Meet((change ?? Same)(one.AsPeer));
        static PathPeer Same(PathPeer peer) => peer;
    }

    public void Meet(PathPeer peer) => Path = Engine.Set(peer);

    public void TellEndpoints() => Engine.SetOwnEndpoints([.. Addresses.Select(address => new LocalEndpoint(address, EndpointType.Local))]);

    /// <summary>The process starts anew: same node key, new disco key, no memory.</summary>
    public void Restart()
    {
        Engine.Dispose();
        _disco = DiscoPrivateKey.Generate();
        Engine = Build();
    }

    public void Send(int number) => Path!.Send(BitConverter.GetBytes(number), 4);

    public bool Got(int number) => Data.ContainsKey(number);

    public void Arrive(byte[] datagram, in PathAddress from, UdpAddress at)
    {
        if (!from.IsDerp && (!Admits(from.Udp) || datagram.Length > _network.Mtu))
            return;
        if (DiscoPacket.IsDisco(datagram))
        {
            Engine.ReceiveDisco(datagram, from);
            return;
        }

        var number = BitConverter.ToInt32(datagram);
        if (!Data.TryGetValue(number, out var ways))
            Data[number] = ways = [];
        ways.Add(from);
        Path!.Authenticated(from);
    }

    public bool KnowsRegion(int region) => region == SimulatedNetwork.Region;

    public void EndpointsWanted() => EndpointRequests++;

    /// <summary>How often the peer was heard.</summary>
    public int Proofs { get; private set; }

    public void PathProven(NodePublicKey node, TimeSpan roundTrip) => Proofs++;

    /// <summary>How often the peer was heard to look for us.</summary>
    public int Calls { get; private set; }

    public void PeerCalling(NodePublicKey node) => Calls++;

    public void PathChanged(NodePublicKey node)
    {
    }

    public void Dispose()
    {
        Engine.Dispose();
        _disco.Dispose();
        _key.Dispose();
    }

    private PathEngine Build() => new(_disco, Node, new Wire(this), new Wire(this), this, _network.Time, SimulatedNetwork.LargestDatagram);

    private sealed class Wire(SimulatedHost host) : IDatagramSender
    {
        public void Send(in PathAddress to, ReadOnlySpan<byte> datagrams, int datagramSize)
        {
            var isDisco = DiscoPacket.IsDisco(datagrams);
            if (to.IsDerp)
            {
                _ = isDisco ? host.DiscoSentThroughRelay++ : host.DataSentThroughRelay++;
                host._network.CarryThroughRelay(host.Node, to.Node, datagrams.ToArray());
                return;
            }

            _ = isDisco ? host.DiscoSentDirectly++ : host.DataSentDirectly++;
            host.SentTo.Add((to.Udp.Address, to.Udp.Port));
            host._network.CarryDirectly(host.Addresses[0], to.Udp, datagrams.ToArray());
        }
    }
}

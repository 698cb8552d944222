using System.Net;
using Fairlead.Tailnet.Control.Description;
using Fairlead.Tailnet.Control.Maps;
using Fairlead.Tailnet.Filtering;
using Fairlead.Tailnet.Names;
using Fairlead.Tailnet.Netstack;
using Fairlead.Tailnet.Nodes.Engine.Forwarding;
using Fairlead.Tailnet.Nodes.Metrics;
using Fairlead.Tailnet.Nodes.PeerApi;
using Fairlead.Tailnet.Nodes.Routing;
using Fairlead.Tailnet.Nodes.Tsmp;
using Fairlead.Tailnet.Paths;
using Fairlead.Tailnet.Protocol.Cryptography;
using Fairlead.Tailnet.Protocol.Derp;
using Fairlead.Tailnet.Timing;
using Fairlead.Tailnet.Transport;
using Fairlead.Tailnet.WireGuard;
using Microsoft.Extensions.Logging;

namespace Fairlead.Tailnet.Nodes.Engine;

/// <summary>
/// All of a node that carries packets, from the sockets to the network stack, kept as the network map says. Inbound: paths → WireGuard →
/// filter → tunnel messages → network stack or TUN device; outbound the same way back.
/// </summary>
internal sealed partial class NodeEngine : IPathObserver, IAsyncDisposable
{
    /// <summary>What any path carries with what is added to it; all nodes of a tailnet use it.</summary>
    private const int Mtu = 1280;

    /// <summary>The machine's clock may be set, or the server's found to differ, while the time of an expiry is waited for.</summary>
    private static readonly TimeSpan LongestCheck = TimeSpan.FromHours(1);

    /// <summary>For keys that expire one after the other.</summary>
    private static readonly TimeSpan ShortestCheck = TimeSpan.FromMilliseconds(100);

    private readonly TailnetNodeOptions _options;
    private readonly ILogger _logger;
    private readonly DiscoPrivateKey _disco = DiscoPrivateKey.Generate();
    private readonly WireGuardDevice _tunnel;
    private readonly TsmpGate _tsmp;
    private readonly INodeHost _host;
    private readonly PeerTable _peers;
    private readonly MapFilter _mapFilter;
    private readonly Deadline _peersCheck;
    private readonly Lock _forwarding = new();
    private FlowForwarder? _forwarder;
    private bool _isForwardingOver;
    private volatile TailnetNodePreferences _preferences;
    private volatile Func<IPEndPoint, FlowRoute?>? _ownFlows;
    private readonly Dictionary<IPAddress, PeerApiServer> _peerApis = [];
    private readonly TaskCompletionSource _networkChecked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private MagicDnsServer? _magicDns;
    private readonly UdpTransport? _udp;
    private PathManager _paths;
    private DerpMap? _relays;

    /// <exception cref="TailnetNodeException">A port cannot be bound, or the TUN device cannot be made.</exception>
    public NodeEngine(TailnetNodeOptions options, NodePrivateKey nodeKey)
    {
        _options = options;
        _logger = options.LoggerFactory.CreateLogger<NodeEngine>();
        _preferences = TailnetNodePreferences.Of(options);
        Routes = new PeerRoutes(options.AcceptRoutes, options.ExitNode);
        Filter = new PacketFilter(options.Time, address => _tunnel!.FindPeer(address));
        _mapFilter = new MapFilter(Filter, _preferences, Compile);
        Resolver = new MagicDnsResolver(new TailnetDnsTransport(this, new SystemDnsTransport(SharedHttp.Invoker)), options.Time);
        var junction = new PacketJunction(Mtu);
        _host = MakeHost(junction);
        try
        {
            _udp = BindUdp();
        }
        catch
        {
            // A TUN device that stayed would keep its name from the next start.
            _magicDns?.Dispose();
            _host.Dispose();
            _disco.Dispose();
            throw;
        }

        _tsmp = new TsmpGate(_host.Receiver, junction, options.Time) { Refused = _host.HasStack ? _host.Stack.Refused : null };
        _tunnel = new WireGuardDevice(new WireGuardOptions { PrivateKey = nodeKey, Mtu = Mtu, Replies = new ReplySender(this), Time = options.Time }, junction);
        var gate = new FilterGate(Filter, _tsmp, _tunnel, Drops);
        junction.Connect(gate, gate);
        Inbound = new InboundCounter(options.Impairment?.Invoke(_tunnel) ?? _tunnel);
        _paths = MakePaths(nodeKey);
        _peers = new PeerTable(_tunnel, Routes, () => ServerTime, (peer, error) => Log.PeerRefused(_logger, peer.ID, peer.Name, error));
        _peersCheck = new Deadline(options.Time, () => PeersDue?.Invoke());
        Advertise(_preferences);
    }

    /// <summary>Told how to change what the server knows about the node.</summary>
    public Action<Func<NodeDescription, NodeDescription>>? DescriptionChanged { get; set; }

    /// <summary>Told of a part of the node what is wrong with it; nothing if that is empty.</summary>
    public Action<string, string>? HealthChanged { get; set; }

    /// <summary>How much is wrong with the node itself.</summary>
    public Func<int>? CountOwnHealth { get; set; }

    /// <summary>Told that the way to a peer, or a relay's state, is another.</summary>
    public Action? StatusChanged { get; set; }

    /// <summary>Told that the machine's network is another, whoever noticed.</summary>
    public Action? NetworkReplaced { get; set; }

    /// <summary>Told that it is time for <see cref="RecheckPeers"/>, on a thread that must not be held up.</summary>
    public Action? PeersDue { get; set; }

    /// <summary>By how much the server's clock is ahead of the machine's.</summary>
    public Func<TimeSpan>? ClockSkew { get; set; }

    /// <summary>By which keys expire: who issued them set it by the server's clock.</summary>
    public DateTimeOffset ServerTime => _options.Time.GetUtcNow() + (ClockSkew?.Invoke() ?? TimeSpan.Zero);

    public DiscoPublicKey DiscoKey => _disco.PublicKey;

    public PacketFilter Filter { get; }

    public DropCounters Drops { get; } = new();

    public InboundCounter Inbound { get; }

    public int AdvertisedRoutes => _preferences.AdvertiseRoutes.Count + (_preferences.AdvertiseExitNode ? 2 : 0);

    public int ApprovedRoutes => Map is { } map ? map.Self.EffectiveAllowedIPs.Count(prefix => !prefix.IsSingleAddress) : 0;

    /// <summary>What is wrong with the node, by its own account and the server's.</summary>
    public int HealthMessages => (CountOwnHealth?.Invoke() ?? 0) + (Map is { } map ? Control.Maps.HealthMessages.Of(map).Count : 0);

    public PeerRoutes Routes { get; }

    public MagicDnsResolver Resolver { get; }

    /// <inheritdoc cref="INodeHost.Stack"/>
    public NetworkStack Stack => _host.Stack;

    /// <summary>Where the node has its own stack.</summary>
    public INodeHost Host => _host;

    /// <summary>Ends when the network was looked at for the first time, and a home relay chosen.</summary>
    public Task NetworkChecked => _networkChecked.Task;

    public int HomeRegion => _paths.HomeRegion;

    public WireGuardStatistics TunnelStatistics => _tunnel.Statistics;

    /// <summary>The map that is in force; null before the first.</summary>
    public NetworkMap? Map { get; private set; }

    /// <summary>Begins to send and receive; what it finds out goes to <see cref="DescriptionChanged"/> from then on.</summary>
    public void Start()
    {
        _paths.Start();
        _host.Start();
        NodeMetrics.Name(this, _options.Hostname);
    }

    public (PeerPathStatus? Path, WireGuardPeerStatus? Tunnel) StatusOf(NodePublicKey peer) => (_paths.GetStatus(peer), _tunnel.GetPeerStatus(peer));

    public ValueTask<Stream> ConnectTcpAsync(IPEndPoint remote, CancellationToken cancellationToken) => _host.ConnectTcpAsync(remote, cancellationToken);

    /// <exception cref="TailnetNodeException">There is no such peer, or it cannot be asked this way.</exception>
    /// <exception cref="TimeoutException">No answer came in time.</exception>
    public async Task<TailnetPingResult> PingAsync(NetworkMap map, IPAddress address, PingKind kind, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var peer = map.FindNode(address) ?? Routes.PeerFor(map, address) ?? throw new TailnetNodeException($"No peer leads to {address}.");
        var name = peer.Name.TrimEnd('.');
        switch (kind)
        {
            case PingKind.Disco when ReferenceEquals(peer, map.Self):
                return new TailnetPingResult(name, TimeSpan.Zero, "", 0);
            case PingKind.Disco:
                try
                {
                    var pong = await _paths.PingAsync(peer.Key, cancellationToken).ConfigureAwait(false);
                    return new TailnetPingResult(name, pong.Latency, pong.Via.ToString(), 0);
                }
                catch (KeyNotFoundException)
                {
                    throw new TailnetNodeException($"{name} takes no pings of path discovery.");
                }

            case PingKind.Tsmp:
                var source = map.Self.Addresses.Where(prefix => prefix.IsSingleAddress).Select(prefix => prefix.Address).FirstOrDefault(own => own.AddressFamily == address.AddressFamily)
                    ?? throw new TailnetNodeException($"The node has no address to ping {address} from.");
                var (latency, port) = await _tsmp.PingAsync(source, address, cancellationToken).ConfigureAwait(false);
                return new TailnetPingResult(name, latency, "", port);
            default:
                return new TailnetPingResult(name, await _host.PingAsync(address, timeout, cancellationToken).ConfigureAwait(false), "", 0);
        }
    }

    public async ValueTask DisposeAsync()
    {
        NodeMetrics.Remove(this);
        _peersCheck.Dispose();
        try
        {
            foreach (var server in _peerApis.Values)
            {
                server.Dispose();
            }

            _magicDns?.Dispose();
            EndForwarding();
            _host.Dispose();
            _tunnel.Flush();
        }
        finally
        {
            await DisposeTransportAsync().ConfigureAwait(false);
        }
    }

    private async ValueTask DisposeTransportAsync()
    {
        try
        {
            await _paths.DisposeAsync().ConfigureAwait(false);
        }
        finally
        {
            _tunnel.Dispose();
            _udp?.Dispose();
            _disco.Dispose();
        }
    }

    private INodeHost MakeHost(PacketJunction junction)
    {
        if (_options.TunDevice.Length == 0)
        {
            return new StackHost(junction, _options.Connections, _options.Time);
        }

        if (!OperatingSystem.IsLinux())
        {
            throw new TailnetNodeException("TUN devices are supported on Linux only; leave the option out to use the node's own network stack.");
        }

        try
        {
            return new TunHost(_options.TunDevice, junction, _options.Connections, _options.Time, _logger, stack => _magicDns = new MagicDnsServer(stack, AddressPlan.MagicDns, Resolver, _options.Time));
        }
        catch (IOException e)
        {
            throw new TailnetNodeException(e.Message, e);
        }
    }

    /// <summary>
    /// Answers to handshakes of strangers, through whichever paths are in use. Relayed ones too: a peer that has no other way must get its
    /// cookie, or a flood from elsewhere would keep it out.
    /// </summary>
    private sealed class ReplySender(NodeEngine engine) : IDatagramSender
    {
        public void Send(in PathAddress to, ReadOnlySpan<byte> datagrams, int datagramSize) => engine._paths.Reply(to, datagrams);
    }

    private static partial class Log
    {
        [LoggerMessage(2, LogLevel.Warning, "The network map's {Part} cannot be used and are left out")]
        public static partial void PartRefused(ILogger logger, string part, Exception error);

        [LoggerMessage(3, LogLevel.Warning, "Peer {Id} ('{Name}') cannot be had as the network map has it")]
        public static partial void PeerRefused(ILogger logger, long id, string name, Exception error);

        [LoggerMessage(1, LogLevel.Warning, "The packet filter's rules name '{Text}', which is no address; that part of the rule is left out")]
        public static partial void FilterIgnored(ILogger logger, string text);
    }
}

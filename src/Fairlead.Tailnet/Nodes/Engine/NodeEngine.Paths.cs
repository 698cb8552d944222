using System.Net.Sockets;
using Fairlead.Tailnet.Control.Description;
using Fairlead.Tailnet.Derp;
using Fairlead.Tailnet.NetCheck;
using Fairlead.Tailnet.Paths;
using Fairlead.Tailnet.Protocol.Cryptography;
using Fairlead.Tailnet.Transport;
using Fairlead.Tailnet.WireGuard.Messages;

namespace Fairlead.Tailnet.Nodes.Engine;

/// <content>The paths below: how they are set up, and what they find out.</content>
internal sealed partial class NodeEngine
{
    /// <summary>
    /// The node is known by another key from now on: all sessions and relay connections begin anew. The sockets stay: nothing about them
    /// depends on the key, and to give up a port is to risk not to get it back.
    /// </summary>
    public async Task UseNodeKeyAsync(NodePrivateKey key)
    {
        await _paths.DisposeAsync().ConfigureAwait(false);
        _tunnel.SetPrivateKey(key);
        _paths = MakePaths(key);

        // They may have changed between.
        _paths.SetExplicitEndpoints(StaticEndpoints());
        if (_relays is not null)
        {
            _paths.SetRelays(_relays);
        }

        if (Map is { } map)
        {
            _peers.Reset(_paths, map);
            TakePeers();
        }

        _paths.Start();
    }

    public void NetworkChanged() => _paths.NetworkChanged();

    void IPathObserver.EndpointsChanged(IReadOnlyList<LocalEndpoint> endpoints)
    {
        NodeEndpoint[] found = [.. endpoints.Select(endpoint => new NodeEndpoint(endpoint.Address.ToEndPoint(), endpoint.Type))];
        DescriptionChanged?.Invoke(description => description with { Endpoints = found });
    }

    void IPathObserver.NetworkChanged() => NetworkReplaced?.Invoke();

    void IPathObserver.NetworkChecked(NetworkReport report, int home)
    {
        var found = report.ToNetInfo(home);
        DescriptionChanged?.Invoke(description => description with { Hostinfo = description.Hostinfo with { NetInfo = found } });
        _networkChecked.TrySetResult();
        StatusChanged?.Invoke();
    }

    void IPathObserver.PathChanged(NodePublicKey node) => StatusChanged?.Invoke();

    void IPathObserver.PathProven(NodePublicKey node, TimeSpan roundTrip) => _tunnel.PathProven(node, roundTrip);

    void IPathObserver.PeerCalling(NodePublicKey node) => _tunnel.PeerCalling(node);

    void IPathObserver.HomeRelayChanged(int region, string? problem) => HealthChanged?.Invoke(
        "home-relay",
        problem is null ? "" : $"The home relay, of region {region}, is out of reach; peers without a direct path do not reach this node. {problem}");

    void IPathObserver.RelayChanged(int region) => StatusChanged?.Invoke();

    private UdpTransport? BindUdp()
    {
        if (_options.RelayOnly)
        {
            return null;
        }

        try
        {
            return new UdpTransport(new UdpTransportOptions
            {
                Port = (ushort)_options.UdpPort,
                PortIsRequired = _options.UdpPort != 0,
                KeepsPort = !_options.Roams,
                Logger = _logger,
            });
        }
        catch (SocketException e)
        {
            throw new TailnetNodeException($"UDP port {_options.UdpPort} cannot be bound: {e.Message}", e);
        }
    }

    private PathManager MakePaths(NodePrivateKey key)
    {
        var relays = new DerpClientOptions { Time = _options.Time, Logging = _options.LoggerFactory };
        return new PathManager(key, _disco, Inbound, this, _udp, new PathOptions { Relays = relays, LargestDatagram = TransportData.SizeFor(Mtu, Mtu) });
    }
}

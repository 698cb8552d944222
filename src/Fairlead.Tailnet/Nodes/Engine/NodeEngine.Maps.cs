using System.Net;
using System.Net.Sockets;
using Fairlead.Tailnet.Control.Maps;
using Fairlead.Tailnet.Control.Sessions;
using Fairlead.Tailnet.Filtering;
using Fairlead.Tailnet.Names;
using Fairlead.Tailnet.Nodes.Mapping;
using Fairlead.Tailnet.Nodes.Metrics;
using Fairlead.Tailnet.Nodes.PeerApi;
using Fairlead.Tailnet.Protocol.Control.Hosts;
using Fairlead.Tailnet.Protocol.Control.Maps;

namespace Fairlead.Tailnet.Nodes.Engine;

/// <content>Taking on network maps.</content>
internal sealed partial class NodeEngine
{
    /// <summary>Takes on a network map. To be called by one thread at a time.</summary>
    public void Apply(NetworkMapUpdate update)
    {
        var (map, change) = update;
        if (map.Self.Name != Map?.Self.Name)
        {
            NodeMetrics.Name(this, map.Self.Name.TrimEnd('.'));
        }

        Map = map;
        var filterMayDiffer = NetworkMapFilter.MayDiffer(change);
        if (filterMayDiffer)
        {
            IPAddress[] services = [];
            Try("services", () => services = [.. HostedServices.Of(map.Self).Values.SelectMany(addresses => addresses)]);
            _mapFilter.Use(map, services);
            if (change.Self)
            {
                Try("addresses", () => SetAddresses(map.Self, services));
            }
        }

        if (change.Self || change.Peers || change.Dns)
        {
            Resolver.Zone = new MagicDnsZone(() => NamesOf(map));
        }

        if (change.DerpMap)
        {
            _relays = map.DerpMap;
            Try("relays", () => _paths.SetRelays(map.DerpMap));
        }

        if (change.Peers)
        {
            _peers.Apply(_paths, map, change);
            TakePeers();
        }

        // After the addresses: a route needs one to send from.
        if (!_host.HasStack && (change.Self || change.Peers))
        {
            var exit = Routes.ExitNodeOf(map);
            Try("routes", () => _host.SetRoutes([.. map.Peers.SelectMany(peer => Routes.Of(peer, ReferenceEquals(peer, exit))).Distinct()]));
        }

        if (filterMayDiffer)
        {
            EndForbidden();
        }
    }

    /// <summary>Ends peers whose keys have expired, with what they began here. To be called as <see cref="Apply"/>, and not at the same time.</summary>
    public void RecheckPeers()
    {
        if (Map is { } map)
        {
            _peers.Recheck(_paths, map);
            TakePeers();
            EndForbidden();
            StatusChanged?.Invoke();
        }
    }

    /// <summary>One part of a map that cannot be used must not keep the others away.</summary>
    private void Try(string part, Action change)
    {
        try
        {
            change();
            HealthChanged?.Invoke(PartOf(part), "");
        }
#pragma warning disable CA1031 // Whatever a server's map makes go wrong.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Log.PartRefused(_logger, part, e);
            HealthChanged?.Invoke(PartOf(part), $"The network map's {part} cannot be used and are left out.");
        }

        static string PartOf(string part) => $"network-map-{part.Replace(' ', '-')}";
    }

    /// <summary>Asked for when the first packet comes, on the thread that brings it. Rules that cannot be used allow nothing.</summary>
    private FilterProgram Compile(NetworkMap map, IReadOnlyCollection<IPAddress> services, TailnetNodePreferences preferences)
    {
        var program = FilterProgram.DenyAll;
        Try("packet filter", () => program = NetworkMapFilter.From(map, services, preferences, _options.ShieldsUp, text => Log.FilterIgnored(_logger, text)));
        return program;
    }

    private MagicDnsConfig NamesOf(NetworkMap map)
    {
        var names = MagicDnsConfig.Empty;
        Try("names", () => names = NetworkMapNames.From(map));
        return names;
    }

    /// <summary>The peers are others than before.</summary>
    private void TakePeers()
    {
        Filter.PeersChanged();
        HealthChanged?.Invoke("masquerade", _peers.Masquerading.Count == 0 ? ""
            : $"Peers that know this node by an address that is not its own are left out, as it takes no other: {string.Join(", ", _peers.Masquerading.Order(StringComparer.Ordinal))}.");
        if (_peers.NextCheck == DateTimeOffset.MaxValue)
        {
            _peersCheck.Clear();
            return;
        }

        var wait = _peers.NextCheck - ServerTime;
        _peersCheck.Set(wait < ShortestCheck ? ShortestCheck : wait > LongestCheck ? LongestCheck : wait);
    }

    private void SetAddresses(Node self, IEnumerable<IPAddress> services)
    {
        var own = self.Addresses.Where(prefix => prefix.IsSingleAddress).Select(prefix => prefix.Address).ToArray();
        if (!_host.HasStack)
        {
            _host.SetAddresses([.. own, .. services]);
            return;
        }

        _host.SetAddresses([.. own, .. services, .. AddressPlan.MagicDns]);
        _magicDns ??= new MagicDnsServer(_host.Stack, AddressPlan.MagicDns, Resolver, _options.Time);
        SetPeerApis(own);
    }

    private void SetPeerApis(IPAddress[] own)
    {
        foreach (var gone in _peerApis.Keys.Except(own).ToArray())
        {
            _peerApis.Remove(gone, out var server);
            server!.Dispose();
        }

        foreach (var address in own.Except(_peerApis.Keys).ToArray())
        {
            _peerApis[address] = PeerApiServer.Start(_host.Stack, address, PeerOf, _options.Time);
        }

        _tsmp.PeerApiPort = own.Length > 0 ? _peerApis[own[0]].Port : (ushort)0;
        HostService[] services =
        [
            .. own.Select(address => new HostService
            {
                Proto = address.AddressFamily == AddressFamily.InterNetwork ? "peerapi4" : "peerapi6",
                Port = _peerApis[address].Port,
                Description = "fairlead",
            }),
        ];
        DescriptionChanged?.Invoke(description => description with { Hostinfo = description.Hostinfo with { Services = services } });
    }
}

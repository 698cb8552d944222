using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Fairlead.Tailnet.Control.Maps;
using Fairlead.Tailnet.Control.Sessions;
using Fairlead.Tailnet.Nodes.Certificates;
using Fairlead.Tailnet.Nodes.PeerApi;
using Fairlead.Tailnet.Packets;
using Fairlead.Tailnet.Protocol.Control.Maps;
using Fairlead.Tailnet.Protocol.Control.Pings;

namespace Fairlead.Tailnet.Nodes;

/// <content>Who is who, and how it stands.</content>
public sealed partial class TailnetNode
{
    /// <summary>How the node and its peers stand at the moment.</summary>
    public TailnetNodeStatus Status
    {
        get
        {
            var control = _session.Status;
            string[] own = [.. _session.Health.Select(trouble => trouble.Value)];
            var status = new TailnetNodeStatus
            {
                State = _stopping.IsCancellationRequested ? TailnetNodeState.Stopped : control.State switch
                {
                    ControlState.Running => _map is null ? TailnetNodeState.Starting : TailnetNodeState.Running,
                    ControlState.NeedsLogin => TailnetNodeState.NeedsLogin,
                    ControlState.NeedsMachineAuthorization => TailnetNodeState.NeedsMachineAuth,
                    ControlState.LoggedOut => TailnetNodeState.Stopped,
                    _ => TailnetNodeState.Starting,
                },
                IsConnected = control.IsConnected,
                AuthUrl = control.AuthUrl,
                BrowseUrl = control.BrowseUrl,
                Error = control.Error,
                Health = own,
            };
            return _map is not { } map ? status : status with
            {
                StableId = map.Self.StableID,
                Name = map.Self.Name.TrimEnd('.'),
                Tailnet = map.Domain,
                MagicDnsSuffix = map.MagicDnsSuffix,
                Addresses = AddressesOf(map.Self),
                Tags = map.Self.Tags,
                KeyExpiry = map.Self.KeyExpiry,
                CertificateDomains = map.Dns.CertDomains,
                HomeDerpRegion = _engine.HomeRegion,
                Health = [.. own, .. HealthMessages.Of(map)],
                Peers = [.. map.Peers.Select(peer => StatusOf(map, peer))],
            };
        }
    }

    /// <summary>Names that the node may have certificates for; asking is cheap.</summary>
    public IReadOnlyList<string> CertificateDomains => _map?.Dns.CertDomains ?? [];

    /// <summary>Packets of peers that the filter dropped, by reason: <c>acl</c>, <c>multicast</c>, <c>link_local_unicast</c>, <c>fragment</c>, <c>error</c>.</summary>
    public IReadOnlyDictionary<string, long> DroppedPackets => _engine.Drops.ByLabel().ToDictionary(StringComparer.Ordinal);

    /// <summary>The present status, and then the newest one after changes: a slow watcher gets fewer. Ends with the node.</summary>
    public async IAsyncEnumerable<TailnetNodeStatus> WatchStatusAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var _ in _revision.WatchAsync(cancellationToken).ConfigureAwait(false))
        {
            yield return Status;
        }
    }

    /// <summary>Who has an address of the tailnet, and what that node may do here.</summary>
    /// <param name="remote">As connections from it show it.</param>
    /// <param name="local">Which of this node's addresses it is about, as for a service; any of them if null.</param>
    /// <returns>Null if it is no node's.</returns>
    public TailnetIdentity? WhoIs(IPAddress remote, IPAddress? local = null)
    {
        ArgumentNullException.ThrowIfNull(remote);
        var address = remote.IsIPv4MappedToIPv6 ? remote.MapToIPv4() : remote;
        if (_map is not { } map || map.FindNode(address) is not { } node)
        {
            return null;
        }

        var own = local ?? AddressesOf(map.Self).FirstOrDefault(candidate => candidate.AddressFamily == address.AddressFamily);
        var capabilities = own is null
            ? new Dictionary<string, IReadOnlyList<string>>()
            : _engine.Filter.Program.Capabilities(MappedAddress.From(address), MappedAddress.From(own));
        return new TailnetIdentity(node, map.OwnerOf(node), capabilities);
    }

    /// <summary>Who is at the other end of a connection.</summary>
    /// <inheritdoc cref="WhoIs(IPAddress, IPAddress?)"/>
    public TailnetIdentity? WhoIs(IPEndPoint remote, IPEndPoint? local = null)
    {
        ArgumentNullException.ThrowIfNull(remote);
        return WhoIs(remote.Address, local?.Address);
    }

    /// <summary>Asks a peer whether it is there.</summary>
    /// <param name="host">A short or whole name, or an address.</param>
    /// <exception cref="TailnetNodeException">There is no such peer.</exception>
    /// <exception cref="TimeoutException">No answer came in time.</exception>
    public async Task<TailnetPingResult> PingAsync(string host, PingKind kind, TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(host);
        var map = _map ?? throw new TailnetNodeException("The node is not part of a tailnet yet.");
        var address = IPAddress.TryParse(host, out var literal)
            ? literal
            : (await _engine.Resolver.ResolveAsync(host, cancellationToken).ConfigureAwait(false)) is [var first, ..] ? first : throw new TailnetNodeException($"The tailnet knows no host '{host}'.");
        using var limit = new CancellationTokenSource(timeout, _options.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            return await _engine.PingAsync(map, address, kind, timeout, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"{host} did not answer within {timeout.TotalSeconds:0.###} s.");
        }
    }

    /// <summary>
    /// A TLS certificate for one of <see cref="TailnetNodeStatus.CertificateDomains"/>; the first if none is named. A new one takes from
    /// seconds to minutes; later calls give the same until it is renewed.
    /// </summary>
    /// <param name="minValidity">How long it must still be good.</param>
    /// <exception cref="TailnetNodeException">The tailnet allows no certificate for the name.</exception>
    /// <exception cref="AcmeException">The certificate authority refuses.</exception>
    public Task<NodeCertificate> GetCertificateAsync(string? domain = null, TimeSpan minValidity = default, CancellationToken cancellationToken = default)
    {
        var allowed = CertificateDomains;
        var name = domain ?? (allowed.Count > 0 ? allowed[0] : "");
        return allowed.Contains(name, StringComparer.OrdinalIgnoreCase)
            ? _certificates.GetAsync(name, minValidity, cancellationToken)
            : throw new TailnetNodeException(allowed.Count == 0
                ? "The tailnet issues no certificates; an administrator can allow HTTPS in its DNS settings."
                : $"The tailnet allows no certificate for '{name}', only for {string.Join(", ", allowed)}.");
    }

    /// <summary>A token, signed by the coordination server, that says who the node is.</summary>
    /// <param name="audience">For whom.</param>
    public Task<string> GetIdTokenAsync(string audience, CancellationToken cancellationToken = default) => _session.GetIdTokenAsync(audience, cancellationToken);

    private static IReadOnlyList<IPAddress> AddressesOf(Node node) => [.. node.Addresses.Where(prefix => prefix.IsSingleAddress).Select(prefix => prefix.Address)];

    private TailnetPeerStatus StatusOf(NetworkMap map, Node peer)
    {
        var (path, tunnel) = _engine.StatusOf(peer.Key);
        return new TailnetPeerStatus
        {
            StableId = peer.StableID,
            PublicKey = peer.Key,
            Name = peer.Name.TrimEnd('.'),
            HostName = peer.Hostinfo?.Hostname ?? "",
            OS = peer.Hostinfo?.OS ?? "",
            Addresses = AddressesOf(peer),
            AllowedIPs = peer.EffectiveAllowedIPs,
            Tags = peer.Tags,
            Online = peer.Online,
            LastSeen = peer.LastSeen,
            CurrentAddress = path is { CurrentAddress.IsNone: false } ? path.CurrentAddress.ToString() : "",
            Relay = map.DerpMap.Regions?.GetValueOrDefault(peer.HomeDerpRegion)?.RegionCode ?? "",
            ReceivedBytes = tunnel?.ReceivedBytes ?? 0,
            SentBytes = tunnel?.SentBytes ?? 0,
            LastHandshake = tunnel?.LastHandshake,
            Expired = peer.IsExpiredAt(_engine.ServerTime),
        };
    }

    private async Task<PingResponse> AnswerControlPingAsync(IPAddress address, string type, CancellationToken cancellationToken)
    {
        if (_map is not { } map)
        {
            return new PingResponse { Err = "The node has no network map yet." };
        }

        var kind = type switch
        {
            PingTypes.Disco => PingKind.Disco,
            PingTypes.Tsmp => PingKind.Tsmp,
            _ => PingKind.Icmp,
        };
        try
        {
            if (type == PingTypes.PeerApi)
            {
                return await PeerApiPing.RunAsync(
                    map, address, async (host, port, token) => await DialAsync(host, port, token).ConfigureAwait(false), _options.Time, cancellationToken).ConfigureAwait(false);
            }

            var result = await _engine.PingAsync(map, address, kind, TimeSpan.FromSeconds(5), cancellationToken).ConfigureAwait(false);
            var isRelayed = result.Path.StartsWith("derp-", StringComparison.Ordinal);
            var region = isRelayed ? int.Parse(result.Path.AsSpan("derp-".Length), System.Globalization.CultureInfo.InvariantCulture) : 0;
            return new PingResponse
            {
                NodeIP = address.ToString(),
                NodeName = result.NodeName,
                LatencySeconds = result.Latency.TotalSeconds,
                Endpoint = isRelayed ? "" : result.Path,
                DERPRegionID = region,
                DERPRegionCode = map.DerpMap.Regions?.GetValueOrDefault(region)?.RegionCode ?? "",
                PeerAPIPort = (ushort)result.PeerApiPort,
                IsLocalIP = AddressesOf(map.Self).Contains(address),
            };
        }
        catch (Exception e) when (e is TailnetNodeException or TimeoutException or IOException or SocketException)
        {
            return new PingResponse { Err = e.Message };
        }
    }
}

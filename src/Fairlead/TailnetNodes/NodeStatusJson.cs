using System.Text.Json.Nodes;
using Fairlead.Tailnet.Nodes;

namespace Fairlead.TailnetNodes;

/// <summary>A node's status as scripts get it: names as in tailscaled's status where there is the same thing.</summary>
internal static class NodeStatusJson
{
    public static JsonObject From(TailnetNodeStatus status) => new()
    {
        ["BackendState"] = status.State.ToString(),
        ["Connected"] = status.IsConnected,
        ["AuthURL"] = status.AuthUrl,
        ["BrowseToURL"] = status.BrowseUrl,
        ["Error"] = status.Error,
        ["TailscaleIPs"] = Array(status.Addresses),
        ["Self"] = new JsonObject
        {
            ["ID"] = status.StableId,
            ["DNSName"] = status.Name,
            ["Tags"] = Array(status.Tags),
            ["Relay"] = status.HomeDerpRegion,
            ["KeyExpiry"] = status.KeyExpiry == default ? null : status.KeyExpiry.ToString("O"),
        },
        ["Health"] = Array(status.Health),
        ["MagicDNSSuffix"] = status.MagicDnsSuffix,
        ["CurrentTailnet"] = status.Tailnet,
        ["CertDomains"] = Array(status.CertificateDomains),
        ["Peer"] = new JsonArray([.. status.Peers.Select(Peer)]),
    };

    private static JsonObject Peer(TailnetPeerStatus peer) => new()
    {
        ["ID"] = peer.StableId,
        ["PublicKey"] = peer.PublicKey.ToString(),
        ["HostName"] = peer.HostName,
        ["DNSName"] = peer.Name,
        ["OS"] = peer.OS,
        ["TailscaleIPs"] = Array(peer.Addresses),
        ["AllowedIPs"] = Array(peer.AllowedIPs),
        ["Tags"] = Array(peer.Tags),
        ["Online"] = peer.Online,
        ["LastSeen"] = peer.LastSeen?.ToString("O"),
        ["CurAddr"] = peer.CurrentAddress,
        ["Relay"] = peer.Relay,
        ["RxBytes"] = peer.ReceivedBytes,
        ["TxBytes"] = peer.SentBytes,
        ["LastHandshake"] = peer.LastHandshake?.ToString("O"),
        ["Expired"] = peer.Expired,
    };

    private static JsonArray Array<T>(IEnumerable<T> items) => new([.. items.Select(item => JsonValue.Create(item?.ToString()))]);
}

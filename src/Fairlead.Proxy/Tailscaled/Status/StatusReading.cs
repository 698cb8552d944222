using System.Collections.Immutable;
using System.Net;
using Fairlead.Proxy.Devices;
using Fairlead.Tailnet.Names;
using Fairlead.Tailscale.LocalApi;
using DnsRecord = Fairlead.Tailscale.LocalApi.DnsRecord;

namespace Fairlead.Proxy.Tailscaled.Status;

/// <summary>Makes a snapshot of what a daemon says.</summary>
internal static class StatusReading
{
    /// <param name="records">DNS records beside those of the peers.</param>
    /// <param name="refusal">Why the control plane does not let the device in; empty if it did not say no.</param>
    public static DeviceSnapshot Read(DaemonStatus status, IReadOnlyList<DnsRecord> records, string refusal)
    {
        var peers = (status.Peer?.Values ?? []).ToList();
        var served = peers.SelectMany(peer => peer.AllowedIPs ?? []).Select(SingleAddress).OfType<IPAddress>().ToHashSet();
        var state = StateOf(status.BackendState, refusal);
        return new DeviceSnapshot
        {
            State = state,
            Problem = state switch
            {
                DeviceState.NeedsLogin when refusal.Length > 0 => refusal,
                DeviceState.NeedsLogin when status.AuthURL.Length > 0 => $"somebody has to log in at {status.AuthURL}",
                DeviceState.NeedsLogin => "it has no auth key that is valid, or its key has expired",
                DeviceState.NeedsMachineAuth => "an administrator of the tailnet has to approve the device",
                _ => "",
            },
            StableId = status.Self?.ID ?? "",
            Fqdn = status.Self?.DNSName ?? "",
            Addresses = Addresses(status.TailscaleIPs),
            CertDomains = [.. status.CertDomains ?? []],
            Peers = peers
                .Where(peer => peer.DNSName.Length > 0)
                .GroupBy(peer => Key(peer.DNSName), StringComparer.Ordinal)
                .ToImmutableDictionary(name => name.Key, name => Addresses(name.First().TailscaleIPs)),
            ServiceRecords = records
                .Select(record => (Name: Key(record.Name), Address: IPAddress.TryParse(record.Value, out var address) ? address : null))
                .Where(record => record.Address is not null && served.Contains(record.Address))
                .GroupBy(record => record.Name, record => record.Address!, StringComparer.Ordinal)
                .ToImmutableDictionary(name => name.Key, name => name.Distinct().ToImmutableArray()),
            SiteRoutes =
            [
                .. from text in peers.SelectMany(peer => peer.AllowedIPs ?? [])
                   let network = IPNetwork.TryParse(text, out var parsed) ? parsed : default(IPNetwork?)
                   where network is { } route && SiteAddressName.Range.Contains(route.BaseAddress)
                   orderby text
                   select network.Value,
            ],
        };
    }

    private static DeviceState StateOf(BackendState state, string refusal) => state switch
    {
        BackendState.Running => DeviceState.Running,
        BackendState.NeedsLogin => DeviceState.NeedsLogin,
        BackendState.NeedsMachineAuth => DeviceState.NeedsMachineAuth,
        _ when refusal.Length > 0 => DeviceState.NeedsLogin,
        BackendState.Stopped => DeviceState.Stopped,
        _ => DeviceState.Starting,
    };

    private static string Key(string name) => name.TrimEnd('.').ToLowerInvariant();

    private static ImmutableArray<IPAddress> Addresses(IReadOnlyList<string>? texts) =>
        [.. (texts ?? []).Select(text => IPAddress.TryParse(text, out var address) ? address : null).OfType<IPAddress>()];

    /// <summary>The address of a prefix that has no other; null of any other prefix.</summary>
    private static IPAddress? SingleAddress(string prefix) =>
        IPNetwork.TryParse(prefix, out var network) && network.PrefixLength == network.BaseAddress.GetAddressBytes().Length * 8 ? network.BaseAddress : null;
}

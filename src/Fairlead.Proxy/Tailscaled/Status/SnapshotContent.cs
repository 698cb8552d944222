using System.Collections.Immutable;
using System.Net;
using Fairlead.Proxy.Devices;

namespace Fairlead.Proxy.Tailscaled.Status;

/// <summary>Compares snapshots by what they say: a status is read far more often than it changes.</summary>
internal static class SnapshotContent
{
    public static bool AreEqual(DeviceSnapshot one, DeviceSnapshot other) =>
        one.State == other.State
        && one.Problem == other.Problem
        && one.StableId == other.StableId
        && one.Fqdn == other.Fqdn
        && one.Addresses.SequenceEqual(other.Addresses)
        && one.CertDomains.SequenceEqual(other.CertDomains)
        && one.SiteRoutes.SequenceEqual(other.SiteRoutes)
        && AreEqual(one.Peers, other.Peers)
        && AreEqual(one.ServiceRecords, other.ServiceRecords);

    private static bool AreEqual(ImmutableDictionary<string, ImmutableArray<IPAddress>> one, ImmutableDictionary<string, ImmutableArray<IPAddress>> other) =>
        one.Count == other.Count && one.All(entry => other.TryGetValue(entry.Key, out var addresses) && entry.Value.SequenceEqual(addresses));
}

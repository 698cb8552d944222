using System.Globalization;
using System.Text.Json.Nodes;
using Fairlead.Kubernetes.Resources;
using Fairlead.Operator.Proxies;
using Fairlead.SampleApps;
using Fairlead.Tailnet.Nodes;

namespace Fairlead.DevSessions;

/// <summary>Puts together the way of a request from what the laptop, the cluster and the answer tell.</summary>
internal sealed class JourneyHops(ProxyOverview proxy, ClusterMap map, TailnetNodeStatus laptop)
{
    /// <param name="connected">How long the laptop took to be connected.</param>
    /// <param name="response">Null if there was none.</param>
    public IReadOnlyList<Hop> Of(int port, TimeSpan? connected, HttpResponseMessage? response)
    {
        var hops = new List<Hop> { OnTailnet(connected), ProxyPod(), ClusterIp(port) };
        if (response is not null)
        {
            hops.AddRange(Behind(response));
        }

        return hops;
    }

    private static string Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? string.Join(", ", values) : "";

    private static string Place(JsonObject pod, string? port = null) => $"Pod {ClusterMap.KeyOf(pod)} {ClusterMap.AddressOf(pod)}{(port is null ? "" : $":{port}")}";

    private Hop OnTailnet(TimeSpan? connected)
    {
        var peer = laptop.Peers.FirstOrDefault(peer => string.Equals(peer.Name, proxy.DeviceName, StringComparison.OrdinalIgnoreCase));
        var way = peer switch
        {
            null => "unknown to the laptop",
            { CurrentAddress: { Length: > 0 } address } => $"direct, to {address}",
            _ => $"relayed by {peer.Relay}",
        };
        return new Hop($"{proxy.DeviceName} {proxy.Address}", $"encrypted, {way}; connected", connected);
    }

    private Hop ProxyPod()
    {
        var key = new ObjectKey(proxy.Namespace, ProxyNames.Replica(proxy.Proxy!, 0));
        return new Hop(map.Pod(key) is { } pod ? Place(pod) : $"Pod {key}", "its proxy", null);
    }

    private Hop ClusterIp(int port) =>
        new($"Service {proxy.Service} {map.Service(proxy.Service)?["spec"]?["clusterIP"]}:{port.ToString(CultureInfo.InvariantCulture)}", "ClusterIP", null);

    /// <summary>What only the sample app tells: other apps' answers end the way at the Service.</summary>
    private IEnumerable<Hop> Behind(HttpResponseMessage response)
    {
        if (Header(response, SampleApp.ServedBy) is not { Length: > 0 } name || map.Pod(new ObjectKey(proxy.Service.Namespace, name)) is not { } pod)
        {
            yield break;
        }

        var timings = Header(response, SampleApp.ServerTiming);
        yield return new Hop(Place(pod, Header(response, SampleApp.Port)), "the app, answered", ServerTimings.Find(timings, "app"));
        if (Header(response, SampleApp.Database) is not { Length: > 0 } database)
        {
            yield break;
        }

        // A name without a namespace is of the Pod's own.
        var labels = database.Split(':')[0].Split('.');
        var service = new ObjectKey(labels.Length > 1 ? labels[1] : proxy.Service.Namespace, labels[0]);
        if (map.Service(service) is { } alias)
        {
            yield return new Hop($"Service {service}", $"ExternalName {alias["spec"]?["externalName"]}", null);
        }

        var port = database[(database.LastIndexOf(':') + 1)..];
        if (map.PodAt(Header(response, SampleApp.DatabaseAddress).Split(':')[0]) is { } egress)
        {
            yield return new Hop(Place(egress, port), "proxy to the tailnet", null);
            yield return new Hop($"{TargetOf(egress)}:{port}", "the database, on the tailnet only; answered", ServerTimings.Find(timings, "db"));
        }
    }

    /// <summary>Where the proxy in a Pod leads to, by name and address.</summary>
    private string TargetOf(JsonObject pod)
    {
        var variables = (pod["spec"]?["containers"] as JsonArray ?? []).SelectMany(container => container?["env"] as JsonArray ?? []);
        var target = variables
            .Where(variable => ((string?)variable?["name"] ?? "").StartsWith("TS_TAILNET_TARGET_", StringComparison.Ordinal))
            .Select(variable => (string?)variable!["value"]).FirstOrDefault()?.TrimEnd('.') ?? "its target";
        var peer = laptop.Peers.FirstOrDefault(peer => peer.Name == target);
        return peer is null ? target : $"{target} {peer.Addresses[0]}";
    }
}

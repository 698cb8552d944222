using System.Diagnostics.Metrics;
using Fairlead.Tailnet.Nodes.Engine;

namespace Fairlead.Tailnet.Nodes.Metrics;

/// <summary>
/// What all nodes of the process count, under the names of tailscaled's user metrics, with the node's whole name as <c>node</c>: the
/// wished-for one until the server has given it one, and with a number where nodes of several tailnets have the same. Observed only when
/// somebody asks.
/// </summary>
internal static class NodeMetrics
{
    /// <summary>Name of the meter.</summary>
    public const string MeterName = "Fairlead.Tailnet";

    /// <summary>Of a node that has no name yet.</summary>
    private const string Nameless = "node";

    private static readonly Lock Gate = new();
    private static readonly Dictionary<NodeEngine, string> Nodes = [];
    private static readonly Meter Meter = Create();

    /// <summary>Counts the node under this name from now on.</summary>
    public static void Name(NodeEngine engine, string name)
    {
        ArgumentNullException.ThrowIfNull(Meter);
        lock (Gate)
        {
            Nodes.Remove(engine);
            var wished = name.Length > 0 ? name : Nameless;
            var unique = wished;
            for (var i = 2; Nodes.ContainsValue(unique); i++)
            {
                unique = $"{wished}-{i}";
            }

            Nodes[engine] = unique;
        }
    }

    public static void Remove(NodeEngine engine)
    {
        lock (Gate)
        {
            Nodes.Remove(engine);
        }
    }

    private static Meter Create()
    {
        var meter = new Meter(MeterName);
        meter.CreateObservableCounter("tailscaled_inbound_packets_total", () => ByPath((counter, path) => counter.Packets(path)), description: "Packets that came in from peers, by path.");
        meter.CreateObservableCounter("tailscaled_inbound_bytes_total", () => ByPath((counter, path) => counter.Bytes(path)), "By", "Bytes that came in from peers, by path.");
        meter.CreateObservableCounter("tailscaled_inbound_dropped_packets_total", () => Each((engine, node) => engine.Drops.ByLabel().Select(drop => Measured(drop.Value, node, "reason", drop.Key))), description: "Packets from peers that the filter dropped.");
        meter.CreateObservableCounter("tailscaled_outbound_dropped_packets_total", () => Each((engine, node) => [Measured(engine.TunnelStatistics.UnroutablePackets + engine.TunnelStatistics.UnsentPackets, node, "reason", "error")]), description: "Packets to peers that could not be sent.");
        meter.CreateObservableGauge("tailscaled_advertised_routes", () => Each((engine, node) => [Measured(engine.AdvertisedRoutes, node)]), description: "Subnets that the node offers to lead to.");
        meter.CreateObservableGauge("tailscaled_approved_routes", () => Each((engine, node) => [Measured(engine.ApprovedRoutes, node)]), description: "Of these, how many were approved.");
        meter.CreateObservableGauge("tailscaled_home_derp_region_id", () => Each((engine, node) => [Measured(engine.HomeRegion, node)]), description: "Region of the home relay; 0 for none.");
        meter.CreateObservableGauge("tailscaled_health_messages", () => Each((engine, node) => [Measured(engine.HealthMessages, node, "type", "warning")]), description: "What is wrong with the node, by its own account or the control server's.");
        return meter;
    }

    private static IEnumerable<Measurement<long>> ByPath(Func<InboundCounter, int, long> value) =>
        Each((engine, node) => InboundCounter.Paths.Select((name, path) => Measured(value(engine.Inbound, path), node, "path", name)));

    private static IEnumerable<Measurement<long>> Each(Func<NodeEngine, string, IEnumerable<Measurement<long>>> measure)
    {
        KeyValuePair<NodeEngine, string>[] nodes;
        lock (Gate)
        {
            nodes = [.. Nodes];
        }

        return nodes.SelectMany(entry => measure(entry.Key, entry.Value));
    }

    private static Measurement<long> Measured(long value, string node) => new(value, KeyValuePair.Create<string, object?>("node", node));

    private static Measurement<long> Measured(long value, string node, string label, string text) =>
        new(value, KeyValuePair.Create<string, object?>("node", node), KeyValuePair.Create<string, object?>(label, text));
}

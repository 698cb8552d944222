using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Fairlead.Tailnet.Nodes.Engine;

namespace Fairlead.Tailnet.Nodes.Metrics;

/// <summary>
/// What all nodes of the process count, under the names of tailscaled's user metrics, with the node's host name as <c>node</c>. Observed
/// only when somebody asks.
/// </summary>
internal static class NodeMetrics
{
    /// <summary>Name of the meter.</summary>
    public const string MeterName = "Fairlead.Tailnet";

    private static readonly ConcurrentDictionary<NodeEngine, string> Nodes = new();
    private static readonly Meter Meter = Create();

    public static void Add(NodeEngine engine, string hostname)
    {
        ArgumentNullException.ThrowIfNull(Meter);
        Nodes[engine] = hostname;
    }

    public static void Remove(NodeEngine engine) => Nodes.TryRemove(engine, out _);

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
        meter.CreateObservableGauge("tailscaled_health_messages", () => Each((engine, node) => [Measured(engine.Map?.Health.Count ?? 0, node, "type", "warning")]), description: "What the control server says is wrong.");
        return meter;
    }

    private static IEnumerable<Measurement<long>> ByPath(Func<InboundCounter, int, long> value) =>
        Each((engine, node) => InboundCounter.Paths.Select((name, path) => Measured(value(engine.Inbound, path), node, "path", name)));

    private static IEnumerable<Measurement<long>> Each(Func<NodeEngine, string, IEnumerable<Measurement<long>>> measure) =>
        Nodes.SelectMany(entry => measure(entry.Key, entry.Value));

    private static Measurement<long> Measured(long value, string node) => new(value, KeyValuePair.Create<string, object?>("node", node));

    private static Measurement<long> Measured(long value, string node, string label, string text) =>
        new(value, KeyValuePair.Create<string, object?>("node", node), KeyValuePair.Create<string, object?>(label, text));
}

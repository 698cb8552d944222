using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Fairlead.Dev.Tailnet;
using Fairlead.Tailnet.Nodes;

namespace Fairlead.Tailnet.Tests.Nodes;

public sealed class MetricsTests : NodeTest
{
    [Fact]
    public async Task What_nodes_count_can_be_collected_under_the_usual_names()
    {
        var web = await JoinAsync("metrics-web");
        var laptop = await JoinAsync("metrics-laptop");
        await Transfer.BothWaysAsync(laptop, web, "metrics-web", 4 << 20, Stop);
        var values = new ConcurrentDictionary<string, long>();
        using var listener = new MeterListener { InstrumentPublished = (instrument, listener) => { if (instrument.Meter.Name == "Fairlead.Tailnet") { listener.EnableMeasurementEvents(instrument); } } };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
        {
            if (tags[0] is { Key: "node", Value: "metrics-web.embedded.ts.net" })
            {
                values.AddOrUpdate(instrument.Name, value, (_, before) => before + value);
                values.AddOrUpdate($"{instrument.Name} {(tags.Length > 1 ? tags[1].Value : "")}", value, (_, before) => before + value);
            }
        });
        listener.Start();

        listener.RecordObservableInstruments();

        Assert.True(values["tailscaled_inbound_packets_total"] > 50);
        Assert.True(values["tailscaled_inbound_bytes_total"] > 100_000);

        // The relay carries the first packets at once; the direct path takes over while the stream goes on.
        Assert.True(values["tailscaled_inbound_packets_total derp"] > 0);
        Assert.True(values["tailscaled_inbound_packets_total direct_ipv4"] + values["tailscaled_inbound_packets_total direct_ipv6"] > 0);
        Assert.Equal(900, values["tailscaled_home_derp_region_id"]);
        Assert.Equal(0, values["tailscaled_inbound_dropped_packets_total"]);
    }

    [Fact]
    public async Task Nodes_with_one_wished_for_name_are_counted_apart()
    {
        await JoinAsync("metrics-twin");
        await JoinAsync("metrics-twin");
        await using var other = await EmbeddedTailnet.StartAsync(TailnetOptions, Stop);
        await using var third = await TailnetNode.StartAsync(
            Options("metrics-twin") with { ControlUrl = other.BaseAddress, AuthKey = other.Keys.Create([], reusable: true).Secret! }, Stop);
        var names = new List<string>();
        using var listener = new MeterListener { InstrumentPublished = (instrument, listener) => { if (instrument.Name == "tailscaled_home_derp_region_id") { listener.EnableMeasurementEvents(instrument); } } };
        listener.SetMeasurementEventCallback<long>((_, _, tags, _) => names.Add((string)tags[0].Value!));
        listener.Start();

        listener.RecordObservableInstruments();

        Assert.Equal(
            ["metrics-twin-1.embedded.ts.net", "metrics-twin.embedded.ts.net", "metrics-twin.embedded.ts.net-2"],
            names.Where(name => name.StartsWith("metrics-twin", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
    }
}

using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Fairlead.Dev.Tailnet.Faults;
using Fairlead.Tailscale.Authentication;
using Fairlead.Tailscale.Telemetry;
using Fairlead.Tailscale.Tests.Fixtures;

namespace Fairlead.Tailscale.Tests.Telemetry;

public sealed class MetricsTests : TailnetTest
{
    [Fact]
    public async Task Requests_are_counted_by_method_route_and_code_and_tokens_by_outcome()
    {
        var seen = new ConcurrentBag<string>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, l) =>
        {
            if (instrument.Meter.Name == TailscaleMetrics.MeterName) l.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((instrument, _, tags, _) => seen.Add(Describe(instrument, tags)));
        listener.SetMeasurementEventCallback<double>((instrument, _, tags, _) => seen.Add(Describe(instrument, tags)));
        listener.Start();
        var client = NewClient(vary: o => o with { Name = "metrics-test" });
        Tailnet.Faults.Add(Fault.Answering("POST", "/oauth/token$", 403));

        await Assert.ThrowsAsync<TailscaleCredentialException>(() => client.Devices.DeleteAsync("n1", Stop));
        Time.Advance(TimeSpan.FromMinutes(1));
        await client.Devices.DeleteAsync("n1", Stop);

        var mine = seen.Where(s => s.Contains("client=metrics-test", StringComparison.Ordinal)).ToList();
        Assert.Contains("tailscale.api.requests client=metrics-test method=DELETE route=/api/v2/device/{id} code=404", mine);
        Assert.Contains("tailscale.api.requests client=metrics-test method=POST route=/api/v2/oauth/token code=403", mine);
        Assert.Contains("tailscale.api.request.duration client=metrics-test method=DELETE route=/api/v2/device/{id}", mine);
        Assert.Single(mine, "tailscale.api.token.refreshes client=metrics-test");
        Assert.Single(mine, "tailscale.api.token.refresh.failures client=metrics-test reason=refused");
    }

    private static string Describe(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var text = instrument.Name;
        foreach (var tag in tags) text += $" {tag.Key}={tag.Value}";
        return text;
    }
}

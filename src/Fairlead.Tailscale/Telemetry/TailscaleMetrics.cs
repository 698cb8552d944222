using System.Diagnostics.Metrics;
using System.Globalization;
using System.Net;
using Fairlead.Tailscale.Http;

namespace Fairlead.Tailscale.Telemetry;

/// <summary>Instruments of all clients in the process, told apart by the label <c>client</c>.</summary>
public static class TailscaleMetrics
{
    /// <summary>Name of the meter a listener or exporter subscribes to.</summary>
    public const string MeterName = "Fairlead.Tailscale";

    /// <summary>Stands for the status of a request that had no answer.</summary>
    internal const string NoAnswer = "0";

    private static readonly Meter Meter = new(MeterName);

    private static readonly Counter<long> Requests = Meter.CreateCounter<long>(
        "tailscale.api.requests",
        "{request}",
        "Requests to the control plane by method, route template and HTTP status, each try on its own; code 0 had no answer.");

    private static readonly Histogram<double> Duration = Meter.CreateHistogram(
        "tailscale.api.request.duration",
        "s",
        "Time from sending a request to having read its answer.",
        tags: null,
        // Up to the time limit of a call.
        new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60] });

    private static readonly Counter<long> Refreshes = Meter.CreateCounter<long>(
        "tailscale.api.token.refreshes", "{token}", "Access tokens obtained.");

    private static readonly Counter<long> RefreshFailures = Meter.CreateCounter<long>(
        "tailscale.api.token.refresh.failures", "{failure}", "Failed tries to obtain an access token, by reason.");

    internal static string CodeOf(HttpStatusCode status) => ((int)status).ToString(CultureInfo.InvariantCulture);

    internal static void RecordRequest(string client, ApiRequest request, string code, TimeSpan elapsed)
    {
        var name = new KeyValuePair<string, object?>("client", client);
        var method = new KeyValuePair<string, object?>("method", request.Method.Method);
        var route = new KeyValuePair<string, object?>("route", request.Route);
        Requests.Add(1, name, method, route, new("code", code));
        Duration.Record(elapsed.TotalSeconds, name, method, route);
    }

    internal static void RecordRefresh(string client) => Refreshes.Add(1, new KeyValuePair<string, object?>("client", client));

    internal static void RecordRefreshFailure(string client, string reason) =>
        RefreshFailures.Add(1, new("client", client), new("reason", reason));
}

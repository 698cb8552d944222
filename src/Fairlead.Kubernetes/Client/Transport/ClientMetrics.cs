using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;

namespace Fairlead.Kubernetes.Client.Transport;

/// <summary>Figures of meter <c>Fairlead.Kubernetes</c> about requests to API servers; each repeat counts.</summary>
internal static class ClientMetrics
{
    private static readonly Meter Meter = new("Fairlead.Kubernetes");

    private static readonly Counter<long> Requests = Meter.CreateCounter<long>(
        "kubernetes.client.requests", "{request}", "Requests to the API server by verb, resource and HTTP status; code 0 had no answer.");

    private static readonly Histogram<double> Duration = Meter.CreateHistogram(
        "kubernetes.client.request.duration",
        "s",
        "Time until the API server began to answer, by verb and resource.",
        tags: null,
        new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30] });

    public static void Record(ApiRequest request, int code, TimeSpan elapsed)
    {
        Requests.Add(1, new TagList
        {
            { "verb", request.Verb },
            { "resource", request.Resource },
            { "code", code.ToString(CultureInfo.InvariantCulture) },
        });
        Duration.Record(elapsed.TotalSeconds, new TagList { { "verb", request.Verb }, { "resource", request.Resource } });
    }
}

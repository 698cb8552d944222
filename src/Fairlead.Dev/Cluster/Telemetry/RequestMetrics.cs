using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Fairlead.Dev.Cluster.Http;

namespace Fairlead.Dev.Cluster.Telemetry;

/// <summary>Counts requests as <c>apiserver_request_total</c>, in the Prometheus text format.</summary>
internal sealed class RequestMetrics
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    private readonly ConcurrentDictionary<Series, long> _requests = new();

    public void Count(ApiRequest request)
    {
        var info = request.Info;
        var series = new Series(
            request.Http.Response.StatusCode, info.Group, info.Resource, request.Scope, info.Subresource ?? "", Verb(request), info.Version,
            request.Query["dryRun"].ToString());
        _requests.AddOrUpdate(series, 1, (_, n) => n + 1);
    }

    public string Render()
    {
        var text = new StringBuilder();
        text.Append("# HELP apiserver_request_total Counter of requests by verb, dry run value, group, version, resource, scope, component, and HTTP response code.\n");
        text.Append("# TYPE apiserver_request_total counter\n");
        foreach (var (s, count) in _requests.OrderBy(p => p.Key.ToString(), StringComparer.Ordinal))
        {
            text.Append(CultureInfo.InvariantCulture,
                $"apiserver_request_total{{code=\"{s.Code}\",component=\"apiserver\",dry_run=\"{Escape(s.DryRun)}\",group=\"{Escape(s.Group)}\",");
            text.Append(CultureInfo.InvariantCulture,
                $"resource=\"{Escape(s.Resource)}\",scope=\"{s.Scope}\",subresource=\"{Escape(s.Subresource)}\",verb=\"{s.Verb}\",version=\"{Escape(s.Version)}\"}} {count}\n");
        }

        return text.ToString();
    }

    private static string Verb(ApiRequest request) => request.Info.Verb switch
    {
        "create" => "POST",
        "update" => "PUT",
        "patch" => request.Http.Request.ContentType?.StartsWith("application/apply-patch", StringComparison.Ordinal) == true ? "APPLY" : "PATCH",
        var verb => verb.ToUpperInvariant(),
    };

    private static string Escape(string value) =>
        value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);

    private sealed record Series(
        int Code, string Group, string Resource, string Scope, string Subresource, string Verb, string Version, string DryRun);
}

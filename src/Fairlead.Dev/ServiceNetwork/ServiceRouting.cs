using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster.BuiltIns;

namespace Fairlead.Dev.ServiceNetwork;

/// <summary>Reads off a Service and its EndpointSlices what has to be forwarded where.</summary>
internal static class ServiceRouting
{
    // The API's default.
    private const long AffinitySeconds = 10_800;

    public static Dictionary<ServicePort, ServiceBackends> Of(JsonObject service, IEnumerable<JsonObject> slices)
    {
        var routes = new Dictionary<ServicePort, ServiceBackends>();
        var spec = service.Object("spec");
        if (!IPAddress.TryParse(spec.Text("clusterIP"), out var address) || !IPAddress.IsLoopback(address))
            return routes;
        TimeSpan? affinity = spec.Text("sessionAffinity") == "ClientIP"
            ? TimeSpan.FromSeconds(spec.Object("sessionAffinityConfig").Object("clientIP").Integer("timeoutSeconds") ?? AffinitySeconds)
            : null;
        var all = slices.Where(s => s.Text("addressType") == "IPv4").ToList();
        foreach (var port in spec.Objects("ports"))
        {
            if (Protocol(port) is { } protocol)
                routes[new ServicePort(address, (int)(port.Integer("port") ?? 0), protocol)] = Backends(port, all, affinity);
        }

        return routes;
    }

    private static ProtocolType? Protocol(JsonObject port) => (port.Text("protocol") ?? "TCP") switch
    {
        "TCP" => ProtocolType.Tcp,
        "UDP" => ProtocolType.Udp,
        _ => null,
    };

    private static ServiceBackends Backends(JsonObject port, List<JsonObject> slices, TimeSpan? affinity)
    {
        var (ready, ending, known) = (new List<IPEndPoint>(), new List<IPEndPoint>(), new HashSet<IPEndPoint>());
        foreach (var slice in slices)
        {
            var match = slice.Objects("ports").FirstOrDefault(p =>
                (p.Text("name") ?? "") == (port.Text("name") ?? "") && (p.Text("protocol") ?? "TCP") == (port.Text("protocol") ?? "TCP"));
            if (match.Integer("port") is not { } number)
                continue;
            foreach (var endpoint in slice.Objects("endpoints"))
            {
                if (!IPAddress.TryParse(endpoint.Texts("addresses").FirstOrDefault(), out var address))
                    continue;
                var target = new IPEndPoint(address, (int)number);
                known.Add(target);
                var conditions = endpoint.Object("conditions");
                if (conditions.Flag("ready") != false)
                    ready.Add(target);
                else if (conditions.Flag("serving") == true && conditions.Flag("terminating") == true)
                    ending.Add(target);
            }
        }

        // While no endpoint is ready, those that are about to end serve on, as far as they can.
        var active = (ready.Count > 0 ? ready : ending).Distinct().OrderBy(e => e.ToString(), StringComparer.Ordinal);
        return new ServiceBackends([.. active], [.. known], affinity);
    }
}

using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster.BuiltIns;
using Fairlead.Dev.Cluster.Controllers.Runtime;

namespace Fairlead.Dev.Cluster.Controllers.Endpoints;

/// <summary>Works out the addresses and ports that serve a Service.</summary>
internal static class ServiceEndpoints
{
    // The limit that real clusters use; the API would take ten times as many.
    private const int SliceSize = 100;

    /// <summary>Slices without metadata: at least one of each IP family, be it empty.</summary>
    public static IEnumerable<JsonObject> Slices(JsonObject service, IReadOnlyList<JsonObject> pods)
    {
        foreach (var family in service.Object("spec").Texts("ipFamilies"))
        {
            var groups = pods.Where(p => Address(p, family) is not null).OrderBy(p => p.Name(), StringComparer.Ordinal)
                .GroupBy(p => Ports(service, p).ToJsonString()).ToList();
            if (groups.Count == 0)
                yield return Slice(family, [], []);
            foreach (var group in groups)
            {
                foreach (var part in group.Chunk(SliceSize))
                    yield return Slice(family, Ports(service, part[0]), [.. part.Select(p => (JsonNode)Endpoint(service, p, family))]);
            }
        }
    }

    /// <summary>The older form: ready and unready addresses of the primary family by set of ports.</summary>
    public static JsonArray Subsets(JsonObject service, IReadOnlyList<JsonObject> pods)
    {
        var family = service.Object("spec").Texts("ipFamilies").FirstOrDefault() ?? "IPv4";
        var subsets = new JsonArray();
        foreach (var group in pods.Where(p => Address(p, family) is not null && !Pods.IsTerminating(p)).OrderBy(p => p.Name(), StringComparer.Ordinal)
            .GroupBy(p => Ports(service, p).ToJsonString()))
        {
            var subset = new JsonObject();
            Add(subset, "addresses", group.Where(p => CountsAsReady(service, p)), family);
            Add(subset, "notReadyAddresses", group.Where(p => !CountsAsReady(service, p)), family);
            var ports = Ports(service, group.First());
            foreach (var unnamed in ports.OfType<JsonObject>().Where(p => p.Text("name") is ""))
                unnamed.Remove("name");
            if (ports.Count > 0)
                subset["ports"] = ports;
            subsets.Add((JsonNode)subset);
        }

        return subsets;
    }

    private static JsonObject Slice(string family, JsonArray ports, JsonArray endpoints) => new()
    {
        ["apiVersion"] = "discovery.k8s.io/v1",
        ["kind"] = "EndpointSlice",
        ["addressType"] = family,
        ["endpoints"] = endpoints,
        ["ports"] = ports,
    };

    private static string? Address(JsonObject pod, string family)
    {
        var all = pod.Object("status").Objects("podIPs").Select(p => p.Text("ip")).Append(pod.Object("status").Text("podIP"));
        return all.FirstOrDefault(a => a is not null && a.Contains(':', StringComparison.Ordinal) == (family == "IPv6"));
    }

    private static bool CountsAsReady(JsonObject service, JsonObject pod) =>
        service.Object("spec").Flag("publishNotReadyAddresses") == true || (Pods.IsReady(pod) && !Pods.IsTerminating(pod));

    private static JsonArray Ports(JsonObject service, JsonObject pod)
    {
        var ports = new JsonArray();
        foreach (var port in service.Object("spec").Objects("ports"))
        {
            if (TargetPort(port, pod) is not { } number)
                continue;
            var shown = new JsonObject { ["name"] = port.Text("name") ?? "", ["protocol"] = port.Text("protocol") ?? "TCP", ["port"] = number };
            if (port["appProtocol"] is { } application)
                shown["appProtocol"] = application.DeepClone();
            ports.Add((JsonNode)shown);
        }

        return ports;
    }

    private static long? TargetPort(JsonObject port, JsonObject pod)
    {
        if (port["targetPort"].Text() is not { } name)
            return port.Integer("targetPort") ?? port.Integer("port");
        return pod.Object("spec").Objects("containers").SelectMany(c => c.Objects("ports"))
            .FirstOrDefault(p => p.Text("name") == name && (p.Text("protocol") ?? "TCP") == (port.Text("protocol") ?? "TCP"))?.Integer("containerPort");
    }

    private static JsonObject Endpoint(JsonObject service, JsonObject pod, string family)
    {
        var isServing = Pods.IsReady(pod);
        var endpoint = new JsonObject
        {
            ["addresses"] = new JsonArray(Address(pod, family)),
            ["conditions"] = new JsonObject
            {
                ["ready"] = CountsAsReady(service, pod),
                ["serving"] = isServing,
                ["terminating"] = Pods.IsTerminating(pod),
            },
            ["targetRef"] = Reference(pod),
        };
        AddPlace(service, endpoint, pod);
        return endpoint;
    }

    private static void AddPlace(JsonObject service, JsonObject endpoint, JsonObject pod)
    {
        if (pod.Object("spec").Text("nodeName") is { } node)
            endpoint["nodeName"] = node;

        // A Pod has a name of its own under the headless Service that its subdomain names.
        if (pod.Object("spec").Text("hostname") is { } hostname && pod.Object("spec").Text("subdomain") == service.Name())
            endpoint["hostname"] = hostname;
    }

    private static JsonObject Reference(JsonObject pod) =>
        new() { ["kind"] = "Pod", ["namespace"] = pod.Namespace(), ["name"] = pod.Name(), ["uid"] = pod.Uid() };

    private static void Add(JsonObject subset, string member, IEnumerable<JsonObject> pods, string family)
    {
        var addresses = new JsonArray();
        foreach (var pod in pods)
        {
            var address = new JsonObject { ["ip"] = Address(pod, family), ["targetRef"] = Reference(pod) };
            if (pod.Object("spec").Text("nodeName") is { } node)
                address["nodeName"] = node;
            addresses.Add((JsonNode)address);
        }

        if (addresses.Count > 0)
            subset[member] = addresses;
    }
}

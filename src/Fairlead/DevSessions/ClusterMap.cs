using System.Text.Json.Nodes;
using Fairlead.Kubernetes.Resources;

namespace Fairlead.DevSessions;

/// <summary>Finds one's way among a cluster's objects.</summary>
internal sealed class ClusterMap(IReadOnlyCollection<JsonObject> objects)
{
    private const string ServiceName = "kubernetes.io/service-name";

    public JsonObject? Service(ObjectKey key) => Find("Service", key);

    public JsonObject? Pod(ObjectKey key) => Find("Pod", key);

    public JsonObject? PodAt(string address) => objects.FirstOrDefault(obj => KindOf(obj) == "Pod" && AddressOf(obj) == address);

    /// <summary>Pods behind a Service that may take requests.</summary>
    public bool HasReadyEndpoint(ObjectKey service) => EndpointsOf(service).Any(endpoint => (bool?)endpoint["conditions"]?["ready"] != false);

    /// <summary>Whether a Service is meant to have somebody behind it: Pods that it selects, or addresses that are listed already.</summary>
    public bool ExpectsEndpoints(ObjectKey service) =>
        Service(service)?["spec"]?["selector"] is JsonObject { Count: > 0 } || EndpointsOf(service).Any();

    public static string AddressOf(JsonObject pod) => (string?)pod["status"]?["podIP"] ?? "";

    public static ObjectKey KeyOf(JsonObject obj) => new((string?)obj["metadata"]?["namespace"] ?? "", (string?)obj["metadata"]?["name"] ?? "");

    private static string? KindOf(JsonObject obj) => (string?)obj["kind"];

    private JsonObject? Find(string kind, ObjectKey key) => objects.FirstOrDefault(obj => KindOf(obj) == kind && KeyOf(obj) == key);

    private IEnumerable<JsonObject> EndpointsOf(ObjectKey service) =>
        from slice in objects
        where KindOf(slice) == "EndpointSlice" && (string?)slice["metadata"]?["namespace"] == service.Namespace
            && (string?)slice["metadata"]?["labels"]?[ServiceName] == service.Name
        from endpoint in slice["endpoints"] as JsonArray ?? []
        select endpoint.AsObject();
}

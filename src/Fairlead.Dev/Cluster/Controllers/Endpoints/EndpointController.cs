using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster.BuiltIns;
using Fairlead.Dev.Cluster.Controllers.Runtime;

namespace Fairlead.Dev.Cluster.Controllers.Endpoints;

/// <summary>Keeps EndpointSlices and Endpoints of Services with a selector.</summary>
internal sealed class EndpointController : Controller
{
    private const string SliceGroup = "discovery.k8s.io";
    private const string ManagedBy = "endpointslice.kubernetes.io/managed-by";
    private const string Manager = "endpointslice-controller.k8s.io";
    private const string OldManagedBy = "endpoints.kubernetes.io/managed-by";
    private const string OldManager = "endpoint-controller";
    private const string ServiceName = "kubernetes.io/service-name";
    private const string HeadlessLabel = "service.kubernetes.io/headless";

    public EndpointController(ClusterView view)
        : base(view)
    {
        LookAt("", "services");
        LookAtOwners(SliceGroup, "endpointslices", "", "services", "Service");
        View.Cache("", "pods").Changed += (_, before, after) => PodChanged(before, after);
    }

    protected override void Reconcile(ObjectId id)
    {
        var service = View.Cache("", "services").Get(id.Namespace, id.Name);
        if (service is null || service.Object("metadata")?["deletionTimestamp"] is not null)
        {
            // Slices go with their owner; Endpoints have none.
            if (View.Cache("", "endpoints").Get(id.Namespace, id.Name) is { } orphan && IsManaged(orphan, OldManagedBy, OldManager))
                View.Delete("", "endpoints", orphan);
            return;
        }

        var selector = service.Object("spec").Object("selector");
        if (selector is not { Count: > 0 } || service.Object("spec").Text("type") == "ExternalName")
            return;

        var pods = View.Cache("", "pods").InNamespace(id.Namespace)
            .Where(p => LabelMatcher.Contains(p.Object("metadata").Object("labels"), selector) && !Pods.IsOver(p)).ToList();
        WriteSlices(service, pods);
        WriteEndpoints(service, pods);
    }

    private static bool IsManaged(JsonObject obj, string label, string manager) => obj.Object("metadata").Object("labels").Text(label) == manager;

    // A change of phase, address, readiness or labels matters to the Services that select the Pod now or did before.
    private void PodChanged(JsonObject? before, JsonObject? after)
    {
        var ns = (after ?? before!).Namespace();
        foreach (var service in View.Cache("", "services").InNamespace(ns))
        {
            var selector = service.Object("spec").Object("selector");
            if (selector is { Count: > 0 } && (Selects(selector, before) || Selects(selector, after)))
                Queue.Add(View.Cache("", "services").IdOf(service));
        }
    }

    private static bool Selects(JsonObject selector, JsonObject? pod) =>
        pod is not null && LabelMatcher.Contains(pod.Object("metadata").Object("labels"), selector);

    private void WriteSlices(JsonObject service, List<JsonObject> pods)
    {
        var existing = View.Cache(SliceGroup, "endpointslices").OwnedBy(service.Uid()).Where(s => IsManaged(s, ManagedBy, Manager)).ToList();
        foreach (var wanted in ServiceEndpoints.Slices(service, pods))
        {
            var match = existing.Find(s => s.Text("addressType") == wanted.Text("addressType") && JsonNode.DeepEquals(Ports(s), Ports(wanted)))
                ?? existing.Find(s => s.Text("addressType") == wanted.Text("addressType"));
            if (match is null)
                View.Create(SliceGroup, "endpointslices", service.Namespace(), Label(service, wanted));
            else
                Refresh(service, match, wanted);
            existing.Remove(match!);
        }

        foreach (var superfluous in existing)
            View.Delete(SliceGroup, "endpointslices", superfluous);
    }

    private static JsonNode Ports(JsonObject slice) => slice["ports"] ?? new JsonArray();

    private void Refresh(JsonObject service, JsonObject slice, JsonObject wanted)
    {
        var changed = (JsonObject)slice.DeepClone();
        changed["endpoints"] = wanted["endpoints"]!.DeepClone();
        changed["ports"] = wanted["ports"]!.DeepClone();
        changed.Ensure("metadata")["labels"] = Labels(service);
        if (!JsonNode.DeepEquals(changed, slice))
            View.Update(SliceGroup, "endpointslices", service.Namespace(), changed);
    }

    private static JsonObject Label(JsonObject service, JsonObject slice)
    {
        slice["metadata"] = new JsonObject
        {
            ["generateName"] = service.Name() + "-",
            ["namespace"] = service.Namespace(),
            ["labels"] = Labels(service),
            ["ownerReferences"] = OwnerReferences.To(service),
        };
        return slice;
    }

    private static JsonObject Labels(JsonObject service)
    {
        var labels = (JsonObject)(service.Object("metadata").Object("labels") ?? []).DeepClone();
        labels[ServiceName] = service.Name();
        labels[ManagedBy] = Manager;
        if (service.Object("spec").Text("clusterIP") == "None")
            labels[HeadlessLabel] = "";
        return labels;
    }

    private void WriteEndpoints(JsonObject service, List<JsonObject> pods)
    {
        var labels = (JsonObject)(service.Object("metadata").Object("labels") ?? []).DeepClone();
        labels[OldManagedBy] = OldManager;
        if (service.Object("spec").Text("clusterIP") == "None")
            labels[HeadlessLabel] = "";
        var wanted = new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Endpoints",
            ["metadata"] = new JsonObject { ["name"] = service.Name(), ["namespace"] = service.Namespace(), ["labels"] = labels },
        };
        if (ServiceEndpoints.Subsets(service, pods) is { Count: > 0 } subsets)
            wanted["subsets"] = subsets;

        if (View.Cache("", "endpoints").Get(service.Namespace(), service.Name()) is not { } existing)
        {
            View.Create("", "endpoints", service.Namespace(), wanted);
            return;
        }

        var changed = (JsonObject)existing.DeepClone();
        changed.Ensure("metadata")["labels"] = labels.DeepClone();
        changed.Remove("subsets");
        if (wanted["subsets"] is { } now)
            changed["subsets"] = now.DeepClone();
        if (!JsonNode.DeepEquals(changed, existing))
            View.Update("", "endpoints", service.Namespace(), changed);
    }
}

using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster.Authorization;
using Fairlead.Dev.Cluster.CustomResources;
using Fairlead.Dev.Cluster.Objects;
using Fairlead.Dev.Cluster.Resources;
using Fairlead.Dev.Cluster.Storage;

namespace Fairlead.Dev.Cluster.Registry;

/// <summary>
/// Serves what CustomResourceDefinitions define, from the write that creates one on, and takes instances and endpoint away
/// with it.
/// </summary>
internal sealed class CustomResourceRegistration(ResourceRegistry registry, ObjectStore store, ObjectWriter writer, TimeProvider time)
{
    private const string CleanupFinalizer = "customresourcecleanup.apiextensions.k8s.io";

    private static readonly ResourceDefinition Definitions = CustomResourceDefinitions.Definition;

    /// <summary>Called with every committed write.</summary>
    public void OnCommitted(ResourceDefinition definition, StoredObject obj, bool gone)
    {
        if (definition.GroupResource == Definitions.GroupResource)
        {
            var crd = obj.Thaw(Definitions);
            if (gone)
                Withdraw(crd);
            else
                Reconcile(obj.Key, crd);
        }
        else if (gone && definition.IsCustom && store.Find(Definitions, new ObjectKey("", definition.GroupResource)) is { } owner)
        {
            var crd = owner.Thaw(Definitions);
            if (IsDeleted(crd))
                Reconcile(owner.Key, crd);
        }
    }

    private static bool IsDeleted(JsonObject crd) => crd["metadata"]!["deletionTimestamp"] is not null;

    private static WriteContext Context() => new() { User = UserInfo.System, FieldManager = "kube-apiserver" };

    private void Reconcile(ObjectKey key, JsonObject crd)
    {
        if (IsDeleted(crd))
        {
            CleanUp(key, crd);
            return;
        }

        var others = store.Snapshot(Definitions).Objects.Values.Where(o => o.Key != key).Select(o => o.Thaw(Definitions));
        var status = CustomResourceConditions.StatusOf(crd, others, time.GetUtcNow());
        if (!JsonNode.DeepEquals(status, crd["status"]))
        {
            // The write comes back here with the new status.
            writer.Modify(Definitions, key, "status", live => With(live, "status", status), Context());
        }
        else if (CustomResourceConditions.IsEstablished(crd))
        {
            Serve(crd);
            AddFinalizer(key, crd);
        }
    }

    private void Serve(JsonObject crd)
    {
        var spec = crd["spec"]!;
        var listKind = (string?)spec["names"]!["listKind"];
        registry.Replace((string)spec["group"]!, (string)spec["names"]!["plural"]!, CustomResourceDefinitions.ToDefinitions(crd).Select(d => d with
        {
            IsCustom = true,
            TracksGeneration = true,
            AllowsUnconditionalUpdate = false,
            ListKind = listKind,
        }));
    }

    private void AddFinalizer(ObjectKey key, JsonObject crd)
    {
        if (HasFinalizer(crd))
            return;
        writer.Modify(Definitions, key, null, live =>
        {
            var metadata = live["metadata"]!.AsObject();
            if (metadata["finalizers"] is not JsonArray finalizers)
                metadata["finalizers"] = finalizers = [];
            finalizers.Add((JsonNode)CleanupFinalizer);
            return live;
        }, Context());
    }

    private void CleanUp(ObjectKey key, JsonObject crd)
    {
        if (!HasFinalizer(crd))
            return;
        var spec = crd["spec"]!;
        if (registry.Table.FindPreferred((string)spec["group"]!, (string)spec["names"]!["plural"]!)?.Definition is { } instances)
        {
            foreach (var instance in store.Snapshot(instances).Objects.Values)
            {
                if (instance.Thaw(instances)["metadata"]!["deletionTimestamp"] is null)
                    writer.Delete(instances, instance.Key, new DeleteOptions());
            }

            if (!store.Snapshot(instances).Objects.IsEmpty)
                return;
        }

        // The deletions above come back here too: the last of them may have done this already.
        if (store.Find(Definitions, key) is { } current && HasFinalizer(current.Thaw(Definitions)))
            writer.Modify(Definitions, key, null, RemoveFinalizer, Context());
    }

    private void Withdraw(JsonObject crd) =>
        registry.Replace((string)crd["spec"]!["group"]!, (string)crd["spec"]!["names"]!["plural"]!, []);

    private static bool HasFinalizer(JsonObject crd) =>
        crd["metadata"]!["finalizers"] is JsonArray finalizers && finalizers.Any(f => (string?)f == CleanupFinalizer);

    private static JsonObject RemoveFinalizer(JsonObject crd)
    {
        var finalizers = crd["metadata"]!["finalizers"]!.AsArray();
        finalizers.Remove(finalizers.First(f => (string?)f == CleanupFinalizer));
        return crd;
    }

    private static JsonObject With(JsonObject obj, string member, JsonNode value)
    {
        obj[member] = value.DeepClone();
        return obj;
    }
}

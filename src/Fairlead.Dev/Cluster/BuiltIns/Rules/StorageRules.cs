using System.Text.Json.Nodes;

namespace Fairlead.Dev.Cluster.BuiltIns.Rules;

/// <summary>Volumes, claims, storage and priority classes.</summary>
internal static class StorageRules
{
    // Greater values are for the system's own classes.
    private const int HighestUserPriority = 1_000_000_000;

    private static readonly string[] AccessModes = ["ReadWriteOnce", "ReadOnlyMany", "ReadWriteMany", "ReadWriteOncePod"];

    public static void CheckClaim(JsonObject claim, JsonObject? old, Problems problems)
    {
        var spec = claim.Object("spec") ?? [];
        CheckClaimSpec(spec, "spec", problems);
        if (old?.Object("spec") is { } oldSpec && !JsonNode.DeepEquals(Fixed(spec), Fixed(oldSpec)))
        {
            problems.Forbidden(
                "spec", "spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims");
        }
    }

    public static void CheckClaimSpec(JsonObject spec, string path, Problems problems)
    {
        if (spec.Array("accessModes") is not { Count: > 0 })
            problems.Required($"{path}.accessModes", "at least 1 access mode is required");
        foreach (var mode in spec.Texts("accessModes").Where(m => !AccessModes.Contains(m)))
            problems.NotSupported($"{path}.accessModes", mode, AccessModes);
        SelectorRules.Selector(spec.Object("selector"), $"{path}.selector", problems);
        if (spec.Object("resources").Object("requests")?["storage"] is not { } storage)
            problems.Required($"{path}.resources[storage]");
        else if (Quantity.TryParse(storage.Text(), out var amount) && (amount.IsNegative || amount.ToString() == "0"))
            problems.Invalid($"{path}.resources[storage]", storage, "must be greater than zero");
        if (spec.Text("storageClassName") is { Length: > 0 } storageClass)
            problems.Check($"{path}.storageClassName", storageClass, Names.DnsSubdomain(storageClass));
        if (spec.Text("volumeMode") is { } volumeMode and not ("Block" or "Filesystem"))
            problems.NotSupported($"{path}.volumeMode", volumeMode, "Block", "Filesystem");
    }

    public static void CheckVolume(JsonObject volume, JsonObject? old, Problems problems)
    {
        var spec = volume.Object("spec") ?? [];
        if (spec.Array("accessModes") is not { Count: > 0 })
            problems.Required("spec.accessModes");
        foreach (var mode in spec.Texts("accessModes").Where(m => !AccessModes.Contains(m)))
            problems.NotSupported("spec.accessModes", mode, AccessModes);
        if (spec.Object("capacity")?["storage"] is null)
            problems.Required("spec.capacity");
        if (old is null || old.Object("spec") is not { } oldSpec)
            return;

        foreach (var (name, value) in spec.Where(m => m.Value is JsonObject && m.Key is not ("capacity" or "claimRef" or "nodeAffinity")))
        {
            if (!JsonNode.DeepEquals(value, oldSpec[name]))
                problems.Forbidden("spec.persistentvolumesource", "spec.persistentvolumesource is immutable after creation");
        }

        problems.Immutable("spec.volumeMode", spec["volumeMode"], oldSpec["volumeMode"]);
    }

    public static void CheckStorageClass(JsonObject storageClass, JsonObject? old, Problems problems)
    {
        if (storageClass.Text("provisioner") is "")
            problems.Required("provisioner");
        if (old is null)
            return;
        if (!JsonNode.DeepEquals(storageClass["parameters"], old["parameters"]))
            problems.Forbidden("parameters", "updates to parameters are forbidden.");
        if (storageClass.Text("provisioner") != old.Text("provisioner"))
            problems.Forbidden("provisioner", "updates to provisioner are forbidden.");
        if (storageClass.Text("reclaimPolicy") != old.Text("reclaimPolicy"))
            problems.Forbidden("reclaimPolicy", "updates to reclaimPolicy are forbidden.");
        problems.Immutable("volumeBindingMode", storageClass["volumeBindingMode"], old["volumeBindingMode"]);
    }

    public static void CheckPriorityClass(JsonObject priorityClass, JsonObject? old, Problems problems)
    {
        var name = priorityClass.Name();
        if (name.StartsWith("system-", StringComparison.Ordinal) && name is not ("system-cluster-critical" or "system-node-critical"))
            problems.Forbidden("metadata.name", "priority class names with 'system-' prefix are reserved for system use only. error: " + name + " is not a known system priority class");
        else if (!name.StartsWith("system-", StringComparison.Ordinal) && priorityClass.Integer("value") is > HighestUserPriority)
            problems.Forbidden("value", $"maximum allowed value of a user defined priority is {HighestUserPriority}");
        if (old is null)
            return;
        if (priorityClass.Integer("value") != old.Integer("value"))
            problems.Forbidden("value", "may not be changed in an update.");
        problems.Immutable("preemptionPolicy", priorityClass["preemptionPolicy"], old["preemptionPolicy"]);
    }

    private static JsonObject Fixed(JsonObject spec)
    {
        var rest = (JsonObject)spec.DeepClone();
        (rest["resources"] as JsonObject)?.Remove("requests");
        rest.Remove("volumeAttributesClassName");

        // Binding sets the name once.
        rest.Remove("volumeName");
        return rest;
    }
}

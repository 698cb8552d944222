using System.Text.Json.Nodes;

namespace Fairlead.Dev.Cluster.BuiltIns.Rules;

/// <summary>Namespaces.</summary>
internal static class NamespaceRules
{
    public const string NameLabel = "kubernetes.io/metadata.name";
    public const string Finalizer = "kubernetes";

    public static void Prepare(JsonObject obj, JsonObject? old)
    {
        var metadata = obj.Ensure("metadata");
        if (metadata.Text("name") is { } name)
            metadata.Ensure("labels")[NameLabel] = name;

        var spec = obj.Ensure("spec");
        if (old is null)
        {
            spec["finalizers"] = new JsonArray(Finalizer);
            obj["status"] = new JsonObject { ["phase"] = "Active" };
        }
        else if (metadata["deletionTimestamp"] is not null)
        {
            obj.Ensure("status")["phase"] = "Terminating";
        }
        else if (old.Object("spec")?["finalizers"] is { } finalizers)
        {
            // Only the deletion of the namespace takes its finalizers away.
            spec["finalizers"] = finalizers.DeepClone();
        }
    }

    public static void Check(JsonObject obj, JsonObject? old, Problems problems)
    {
        foreach (var (finalizer, i) in obj.Object("spec").Texts("finalizers").Select((f, i) => (f, i)))
        {
            if (finalizer != Finalizer && !finalizer.Contains('/', StringComparison.Ordinal))
                problems.Invalid($"spec.finalizers[{i}]", finalizer, "name is neither a standard finalizer name nor is it fully qualified");
        }
    }
}

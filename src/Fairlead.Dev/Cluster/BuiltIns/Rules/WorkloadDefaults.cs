using System.Text.Json.Nodes;

namespace Fairlead.Dev.Cluster.BuiltIns.Rules;

/// <summary>Defaults of workloads that depend on other fields.</summary>
internal static class WorkloadDefaults
{
    public static void Template(JsonObject obj) => PodDefaults.ApplyToTemplate(obj.Object("spec").Object("template"));

    public static void StatefulSet(JsonObject obj)
    {
        Template(obj);
        var strategy = obj.Ensure("spec").Ensure("updateStrategy");
        if (strategy.Text("type") == "RollingUpdate")
        {
            var rolling = strategy.Ensure("rollingUpdate");
            if (rolling["partition"] is null)
                rolling["partition"] = 0;
        }

        foreach (var claim in obj.Object("spec").Objects("volumeClaimTemplates"))
        {
            claim["apiVersion"] ??= "v1";
            claim["kind"] ??= "PersistentVolumeClaim";
        }
    }

    public static void Deployment(JsonObject obj)
    {
        Template(obj);
        RollingUpdate(obj.Ensure("spec").Ensure("strategy"), "25%", "25%");
    }

    public static void DaemonSet(JsonObject obj)
    {
        Template(obj);
        RollingUpdate(obj.Ensure("spec").Ensure("updateStrategy"), 1, 0);
    }

    public static void ReplicationController(JsonObject obj)
    {
        Template(obj);
        var labels = obj.Object("spec").Object("template").Object("metadata").Object("labels");
        if (labels is not { Count: > 0 })
            return;
        if (obj.Ensure("spec").Object("selector") is not { Count: > 0 })
            obj.Ensure("spec")["selector"] = labels.DeepClone();
        if (obj.Object("metadata").Object("labels") is not { Count: > 0 })
            obj.Ensure("metadata")["labels"] = labels.DeepClone();
    }

    private static void RollingUpdate(JsonObject strategy, JsonNode maxUnavailable, JsonNode maxSurge)
    {
        if (strategy.Text("type") != "RollingUpdate")
            return;
        var rolling = strategy.Ensure("rollingUpdate");
        rolling["maxUnavailable"] ??= maxUnavailable;
        rolling["maxSurge"] ??= maxSurge;
    }
}

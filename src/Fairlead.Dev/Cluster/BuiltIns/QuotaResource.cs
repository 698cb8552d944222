namespace Fairlead.Dev.Cluster.BuiltIns;

/// <summary>Objects that a ResourceQuota counts.</summary>
/// <param name="OnlyActive">Pods that have ended do not count.</param>
internal sealed record QuotaResource(string Group, string Plural, bool OnlyActive = false)
{
    private const string CountPrefix = "count/";

    private static readonly string[] Core =
        ["configmaps", "persistentvolumeclaims", "replicationcontrollers", "resourcequotas", "secrets", "services"];

    /// <summary>What a name in <c>spec.hard</c> counts: <c>pods</c>, <c>services</c>, <c>count/deployments.apps</c>; null for others.</summary>
    public static QuotaResource? Parse(string name)
    {
        if (name == "pods")
            return new QuotaResource("", name, OnlyActive: true);
        if (Core.Contains(name))
            return new QuotaResource("", name);
        if (!name.StartsWith(CountPrefix, StringComparison.Ordinal))
            return null;
        var resource = name[CountPrefix.Length..];
        var dot = resource.IndexOf('.', StringComparison.Ordinal);
        return dot < 0 ? new QuotaResource("", resource) : new QuotaResource(resource[(dot + 1)..], resource[..dot]);
    }

    public bool Counts(System.Text.Json.Nodes.JsonObject obj) => !OnlyActive || obj.Object("status").Text("phase") is not ("Succeeded" or "Failed");
}

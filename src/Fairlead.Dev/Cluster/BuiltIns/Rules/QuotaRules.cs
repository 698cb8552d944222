using System.Text.Json.Nodes;

namespace Fairlead.Dev.Cluster.BuiltIns.Rules;

/// <summary>
/// Quotas and limit ranges. What this server would not enforce it refuses: stored without effect, it would let through what a real
/// server denies.
/// </summary>
internal static class QuotaRules
{
    public static void CheckQuota(JsonObject quota, JsonObject? old, Problems problems)
    {
        var spec = quota.Object("spec");
        foreach (var (name, amount) in spec.Object("hard") ?? [])
        {
            var field = $"spec.hard[{name}]";
            if (QuotaResource.Parse(name) is null)
                problems.Forbidden(field, "this server enforces quotas on numbers of objects only (pods, services, count/deployments.apps, …)");
            else if (Quantity.TryParse(amount.Text(), out var limit) && (limit.IsNegative || !limit.IsWhole))
                problems.Invalid(field, amount, limit.IsNegative ? "must be greater than or equal to 0" : "must be an integer");
        }

        if (spec.Array("scopes") is { Count: > 0 })
            problems.Forbidden("spec.scopes", "this server does not support scopes of quotas");
        if (spec?["scopeSelector"] is not null)
            problems.Forbidden("spec.scopeSelector", "this server does not support scopes of quotas");
    }

    public static void RefuseLimitRange(JsonObject range, JsonObject? old, Problems problems) =>
        problems.Forbidden("spec.limits", "this server does not apply limit ranges; name requests and limits in the containers");
}

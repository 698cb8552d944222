using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fairlead.Kubernetes.Reconciling;
using Fairlead.Kubernetes.Resources;
using Fairlead.Tailscale;
using Fairlead.Tailscale.Keys;

namespace Fairlead.Operator.Tests.Planning;

/// <summary>A plan as a text that a person can review and a test can compare.</summary>
internal static class PlanText
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Of<TParent>(ReconcilePlan<TParent> plan, ResourceType<TParent> type)
        where TParent : class, IKubernetesObject
    {
        var results = StepResults.Empty;
        var steps = new JsonArray();
        foreach (var step in plan.Steps)
        {
            if (step is CallStep { Slot: { } slot })
            {
                results = results.With(slot, new AuthKey { Id = "k1", Secret = new SecretText("<issued key>") });
            }

            steps.Add(Step(step, results));
        }

        var text = new JsonObject { ["steps"] = steps };
        if (plan.Status is { } status)
        {
            text["status"] = Status(status(PlanOutcome.Success), type);
            if (plan.Steps.Length > 0)
            {
                var failure = new StepFailure(plan.Steps[0], new InvalidOperationException("out of order"));
                text["statusAfterFailureOfFirstStep"] = Status(status(new PlanOutcome(failure)), type);
            }
        }

        text["events"] = new JsonArray([.. plan.Events.Select(e => JsonValue.Create($"{e.Type} {e.Reason}: {e.Message}"))]);
        if (plan.RequeueAfter is { } after)
        {
            text["requeueAfter"] = after.ToString();
        }

        return text.ToJsonString(Indented) + "\n";
    }

    private static JsonNode Step(PlanStep step, StepResults results) => step switch
    {
        ApplyStep apply => new JsonObject { ["apply"] = Readable(apply.Render(results)), ["exclusive"] = string.Join(' ', apply.ExclusivePaths) },
        DeleteStep delete => new JsonObject { [delete.Description] = delete.Propagation.ToString() },
        ParentPatchStep patch => new JsonObject { [patch.Description] = patch.Patch.DeepClone() },
        _ => JsonValue.Create(step.Description),
    };

    private static JsonNode? Status<TParent>(TParent parent, ResourceType<TParent> type)
        where TParent : class, IKubernetesObject =>
        JsonSerializer.SerializeToNode(parent, type.Json)!["status"]?.DeepClone();

    /// <summary>The object with the data of Secrets decoded.</summary>
    private static JsonObject Readable(JsonElement rendered)
    {
        var node = JsonNode.Parse(rendered.GetRawText())!.AsObject();
        if (node["kind"]!.GetValue<string>() == "Secret" && node["data"] is JsonObject data)
        {
            foreach (var (key, value) in data.ToArray())
            {
                data[key] = JsonNode.Parse(Encoding.UTF8.GetString(Convert.FromBase64String(value!.GetValue<string>())));
            }
        }

        return node;
    }
}

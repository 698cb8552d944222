using System.Text.Json.Nodes;

namespace Fairlead.Kubernetes.Reconciling;

/// <summary>
/// Changes fields of the parent that its author left to the operator. The merge patch must not contain
/// <c>metadata.resourceVersion</c>: the engine adds it, so that the patch applies to what was observed or not at all.
/// </summary>
public sealed record ParentPatchStep(JsonObject Patch, string Purpose) : PlanStep
{
    public override string Description => Purpose;
}

using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster.Admission;
using Fairlead.Dev.Cluster.Api;
using Fairlead.Dev.Cluster.BuiltIns;

namespace Fairlead.Dev.Cluster.Authorization;

/// <summary>
/// Nobody grants what they do not hold: writing a role needs its permissions or the verb <c>escalate</c>, binding one needs its
/// permissions or the verb <c>bind</c>.
/// </summary>
public sealed class EscalationGuard : IAdmission
{
    private readonly IAuthorizer _authorizer;
    private readonly GrantedRules _granted;

    public EscalationGuard(IClusterApi api, IAuthorizer authorizer)
    {
        _authorizer = authorizer;
        _granted = new GrantedRules(api);
    }

    public IReadOnlyList<string> Admit(AdmissionRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.Definition.Group != GrantedRules.Group || request.Object is not { } obj || request.User.Groups.Contains(RbacAuthorizer.Masters))
            return [];

        switch (request.Definition.Plural)
        {
            case "roles" or "clusterroles" when !JsonNode.DeepEquals(obj["rules"], request.OldObject?["rules"]):
                if (!MayOverride(request, "escalate", request.Definition.Plural, request.Name))
                    DemandHeld(request, RoleRule.ReadAll(obj));
                if (obj["aggregationRule"] is not null && !JsonNode.DeepEquals(obj["aggregationRule"], request.OldObject?["aggregationRule"]))
                    DemandHeld(request, [new RoleRule(["*"], ["*"], ["*"], [], []), new RoleRule(["*"], [], [], [], ["*"])]);
                break;
            case "rolebindings" or "clusterrolebindings":
                CheckBinding(request, obj);
                break;
        }

        return [];
    }

    private void CheckBinding(AdmissionRequest request, JsonObject binding)
    {
        if (request.OldObject is { } old && JsonNode.DeepEquals(binding["subjects"], old["subjects"]) && JsonNode.DeepEquals(binding["roleRef"], old["roleRef"]))
            return;

        var reference = binding.Object("roleRef");
        var plural = reference.Text("kind") == "Role" ? "roles" : "clusterroles";
        var ns = request.Definition.Namespaced ? request.Namespace : null;
        if (MayOverride(request, "bind", plural, reference.Text("name") ?? ""))
            return;

        // Permissions of a role that does not exist yet cannot be held.
        var role = _granted.RoleOf(binding, ns) ??
            throw new ApiStatusException(404, "NotFound", $"{plural}.{GrantedRules.Group} \"{reference.Text("name")}\" not found")
            {
                Group = GrantedRules.Group,
                Kind = plural,
                Name = reference.Text("name"),
            };
        DemandHeld(request, RoleRule.ReadAll(role));
    }

    private bool MayOverride(AdmissionRequest request, string verb, string plural, string name) => _authorizer.Authorize(new AuthorizationRequest
    {
        User = request.User,
        Verb = verb,
        Group = GrantedRules.Group,
        Resource = plural,
        Name = name,
        Namespace = request.Definition.Namespaced ? request.Namespace : "",
    }).Allowed;

    private void DemandHeld(AdmissionRequest request, IEnumerable<RoleRule> wanted)
    {
        var held = _granted.For(request.User, request.Definition.Namespaced ? request.Namespace : "").Select(g => g.Rule).ToList();
        var missing = wanted.SelectMany(r => r.Split()).Where(single => !held.Any(h => h.Covers(single))).ToList();
        if (missing.Count == 0)
            return;

        var groups = string.Join(' ', request.User.Groups.Select(g => $"\"{g}\""));
        throw ApiErrors.Forbidden(
            request.Definition, request.Name,
            $"user \"{request.User.Name}\" (groups=[{groups}]) is attempting to grant RBAC permissions not currently held:\n{string.Join('\n', missing)}");
    }
}

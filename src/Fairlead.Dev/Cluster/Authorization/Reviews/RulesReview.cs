using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster.Api;
using Fairlead.Dev.Cluster.BuiltIns;
using Fairlead.Dev.Cluster.Resources;

namespace Fairlead.Dev.Cluster.Authorization.Reviews;

/// <summary>Answers what the asker may do in a namespace.</summary>
internal sealed class RulesReview(IClusterApi api)
{
    private readonly GrantedRules _granted = new(api);

    public JsonObject Answer(ActionRequest request)
    {
        var ns = request.Body.Object("spec").Text("namespace") ?? throw ApiErrors.BadRequest("no namespace on request");
        var rules = request.User.Groups.Contains(RbacAuthorizer.Masters)
            ? [new RoleRule(["*"], ["*"], ["*"], [], []), new RoleRule(["*"], [], [], [], ["*"])]
            : _granted.For(request.User, ns).Select(g => g.Rule).ToList();
        request.Body["status"] = new JsonObject
        {
            ["resourceRules"] = new JsonArray([.. rules.Where(r => !r.Resources.IsEmpty).Select(Resource)]),
            ["nonResourceRules"] = new JsonArray([.. rules.Where(r => !r.NonResourceUrls.IsEmpty).Select(NonResource)]),
            ["incomplete"] = false,
        };
        return request.Body;
    }

    private static JsonObject Resource(RoleRule rule)
    {
        var shown = new JsonObject { ["verbs"] = List(rule.Verbs), ["apiGroups"] = List(rule.ApiGroups), ["resources"] = List(rule.Resources) };
        if (!rule.ResourceNames.IsEmpty)
            shown["resourceNames"] = List(rule.ResourceNames);
        return shown;
    }

    private static JsonObject NonResource(RoleRule rule) => new() { ["verbs"] = List(rule.Verbs), ["nonResourceURLs"] = List(rule.NonResourceUrls) };

    private static JsonArray List(ImmutableArray<string> values) => new([.. values.Select(v => (JsonNode)v)]);
}

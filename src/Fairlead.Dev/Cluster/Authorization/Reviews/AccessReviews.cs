using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster.Api;
using Fairlead.Dev.Cluster.BuiltIns;
using Fairlead.Dev.Cluster.Resources;

namespace Fairlead.Dev.Cluster.Authorization.Reviews;

/// <summary>Answers whether somebody may do something.</summary>
internal sealed class AccessReviews(IAuthorizer authorizer)
{
    public JsonObject Self(ActionRequest request) => Answer(request.Body, request.User);

    public JsonObject Subject(ActionRequest request)
    {
        var spec = request.Body.Object("spec");
        if (spec.Text("user") is null && spec.Array("groups") is not { Count: > 0 })
            throw Invalid("spec.user: Invalid value: \"\": at least one of user or group must be specified");
        return Answer(request.Body, Read(spec));
    }

    public JsonObject Local(ActionRequest request)
    {
        var spec = request.Body.Object("spec");
        if (spec.Object("resourceAttributes").Text("namespace") != request.Namespace)
            throw Invalid("spec.resourceAttributes.namespace: Invalid value: must match metadata.namespace");
        if (spec?["nonResourceAttributes"] is not null)
            throw Invalid("spec.nonResourceAttributes: Invalid value: disallowed on this kind of request");
        return Subject(request);
    }

    private static ApiStatusException Invalid(string message) => new(422, "Invalid", $"the review is invalid: {message}");

    private static UserInfo Read(JsonObject? spec) => new(spec.Text("user") ?? "", [.. spec.Texts("groups")])
    {
        Uid = spec.Text("uid"),
        Extra = (spec.Object("extra") ?? []).ToImmutableSortedDictionary(
            e => e.Key, e => (e.Value as JsonArray ?? []).Select(v => v.Text() ?? "").ToImmutableArray(), StringComparer.Ordinal),
    };

    private JsonObject Answer(JsonObject body, UserInfo user)
    {
        var spec = body.Object("spec");
        var (resource, path) = (spec.Object("resourceAttributes"), spec.Object("nonResourceAttributes"));
        if ((resource is null) == (path is null))
            throw Invalid("spec.resourceAttributes: Invalid value: exactly one of nonResourceAttributes or resourceAttributes must be specified");

        var decision = authorizer.Authorize(resource is not null
            ? new AuthorizationRequest
            {
                User = user,
                Verb = resource.Text("verb") ?? "",
                Group = resource.Text("group") ?? "",
                Resource = resource.Text("resource") ?? "",
                Subresource = resource.Text("subresource") ?? "",
                Namespace = resource.Text("namespace") ?? "",
                Name = resource.Text("name") ?? "",
            }
            : new AuthorizationRequest { User = user, Verb = path.Text("verb") ?? "", Path = path.Text("path") ?? "" });
        var status = new JsonObject { ["allowed"] = decision.Allowed };
        if (decision.Reason.Length > 0)
            status["reason"] = decision.Reason;
        body["status"] = status;
        return body;
    }
}

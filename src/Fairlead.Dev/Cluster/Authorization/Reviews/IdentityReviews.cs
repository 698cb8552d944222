using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster.Authentication;
using Fairlead.Dev.Cluster.BuiltIns;
using Fairlead.Dev.Cluster.Resources;

namespace Fairlead.Dev.Cluster.Authorization.Reviews;

/// <summary>Answers who somebody is.</summary>
internal sealed class IdentityReviews(ServiceAccountTokens serviceAccounts, IReadOnlyList<ITokenAuthenticator> tokens)
{
    public static JsonObject Self(ActionRequest request)
    {
        request.Body["status"] = new JsonObject { ["userInfo"] = Describe(request.User) };
        return request.Body;
    }

    public JsonObject Token(ActionRequest request)
    {
        var spec = request.Body.Object("spec");
        var token = spec.Text("token") ?? "";
        var wanted = spec.Texts("audiences").ToList();
        var audiences = wanted.Count == 0 ? [serviceAccounts.Issuer] : wanted;
        var user = serviceAccounts.Authenticate(token, audiences);

        // Tokens of other sorts carry no audience; they are meant for this server.
        if (user is null && audiences.Contains(serviceAccounts.Issuer))
            user = tokens.Select(t => t.Authenticate(token)).FirstOrDefault(u => u is not null);

        var issuedFor = serviceAccounts.AudiencesOf(token).ToList();
        request.Body["status"] = user is null
            ? new JsonObject { ["user"] = new JsonObject(), ["error"] = "invalid bearer token" }
            : new JsonObject
            {
                ["authenticated"] = true,
                ["user"] = Describe(user),
                ["audiences"] = new JsonArray([.. audiences.Where(a => issuedFor.Count == 0 || issuedFor.Contains(a)).Select(a => (JsonNode)a)]),
            };
        return request.Body;
    }

    private static JsonObject Describe(UserInfo user)
    {
        var shown = new JsonObject { ["username"] = user.Name, ["groups"] = new JsonArray([.. user.Groups.Select(g => (JsonNode)g)]) };
        if (user.Uid is not null)
            shown["uid"] = user.Uid;
        if (user.Extra.IsEmpty)
            return shown;

        var extra = new JsonObject();
        foreach (var (key, values) in user.Extra)
            extra[key] = new JsonArray([.. values.Select(v => (JsonNode)v)]);
        shown["extra"] = extra;
        return shown;
    }
}

using System.Text;
using System.Text.Json;
using Fairlead.Dev.Tailnet.Access;
using Fairlead.Dev.Tailnet.RestApi;

namespace Fairlead.Dev.Tailnet.Policy;

internal sealed class PolicyEndpoints(PolicyFile policy) : IEndpointSet
{
    private const string Item = ApiRoute.Tailnet + "/acl";
    private const string HuJson = "application/hujson";

    public IEnumerable<ApiRoute> Routes =>
    [
        new("GET", Item, Scopes.PolicyFileRead, Get),
        new("POST", Item, Scopes.PolicyFile, Set),
        new("POST", Item + "/validate", Scopes.PolicyFileRead, Validate),
    ];

    private ApiReply Get(ApiCall call) => call.HasFlag("details") ? Details(policy.Current) : Answer(call, policy.Current);

    private ApiReply Set(ApiCall call)
    {
        DemandPolicyType(call);
        return Answer(call, policy.Replace(call.Body, Unquoted(call.Headers.IfMatch.ToString())));
    }

    // An object is a policy, a list is tests for the one in force. What is found is told with 200.
    private ApiReply Validate(ApiCall call)
    {
        DemandPolicyType(call);
        var body = PolicySyntax.Parse(call.Body);
        var findings = body.ValueKind == JsonValueKind.Array ? policy.CheckTests(body) : policy.Check(body);
        return findings.Count == 0 ? ApiReply.Ok : ApiReply.Error(200, PolicyFile.Describe(findings));
    }

    private static ApiReply Answer(ApiCall call, PolicyVersion version) =>
        (call.Accepts(HuJson)
            ? ApiReply.Text(200, version.Text, HuJson)
            : new ApiReply(200, PolicySyntax.ToJson(version.Text)))
        with
        { ETag = version.ETag };

    private static ApiReply Details(PolicyVersion version)
    {
        var body = new PolicyDetailsBody(
            Convert.ToBase64String(Encoding.UTF8.GetBytes(version.Text)),
            version.Rules.Warnings,
            []);
        return ApiReply.Json(body, RestApiJson.Default.PolicyDetailsBody) with { ETag = version.ETag };
    }

    private static void DemandPolicyType(ApiCall call)
    {
        if (!call.Has(HuJson) && !call.Has("application/json"))
        {
            throw ApiRefusal.BadRequest($"a policy must be sent as {HuJson} or application/json, not \"{call.ContentType}\"");
        }
    }

    private static string? Unquoted(string tag)
    {
        if (tag.StartsWith("W/", StringComparison.Ordinal)) tag = tag[2..];
        return tag.Length == 0 ? null : tag.Trim('"');
    }
}

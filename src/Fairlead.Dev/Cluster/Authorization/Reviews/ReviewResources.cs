using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster.Api;
using Fairlead.Dev.Cluster.Authentication;
using Fairlead.Dev.Cluster.BuiltIns;
using Fairlead.Dev.Cluster.Resources;
using Fairlead.Dev.Cluster.Schemas;

namespace Fairlead.Dev.Cluster.Authorization.Reviews;

/// <summary>Resources whose creation answers a question about permissions or identity and stores nothing.</summary>
public static class ReviewResources
{
    private const string AuthorizationGroup = "authorization.k8s.io";
    private const string AuthenticationGroup = "authentication.k8s.io";

    /// <param name="tokens">Recognisers of bearer tokens, for TokenReview.</param>
    public static ImmutableArray<ResourceDefinition> All(
        IClusterApi api, IAuthorizer authorizer, ServiceAccountTokens serviceAccounts, IReadOnlyList<ITokenAuthenticator> tokens)
    {
        var access = new AccessReviews(authorizer);
        var rules = new RulesReview(api);
        var identity = new IdentityReviews(serviceAccounts, tokens);
        return
        [
            Review(AuthorizationGroup, "SubjectAccessReview", ReviewShapes.SubjectAccess, access.Subject),
            Review(AuthorizationGroup, "SelfSubjectAccessReview", ReviewShapes.SelfSubjectAccess, access.Self),
            Review(AuthorizationGroup, "LocalSubjectAccessReview", ReviewShapes.SubjectAccess, access.Local) with { Namespaced = true },
            Review(AuthorizationGroup, "SelfSubjectRulesReview", ReviewShapes.SelfSubjectRules, rules.Answer),
            Review(AuthenticationGroup, "TokenReview", ReviewShapes.Token, identity.Token),
            Review(AuthenticationGroup, "SelfSubjectReview", ReviewShapes.SelfSubject, IdentityReviews.Self),
        ];
    }

    private static ResourceDefinition Review(string group, string kind, SchemaNode schema, Func<ActionRequest, JsonObject> answer) => new()
    {
        Group = group,
        Version = "v1",
        Kind = kind,
        Plural = kind.ToLowerInvariant() + "s",
        Singular = kind.ToLowerInvariant(),
        Namespaced = false,
        Verbs = ["create"],
        Schema = schema,
        Strategy = new BuiltInStrategy(schema),
        Review = request =>
        {
            ObjectNormalizer.Normalize(schema, request.Body);
            return answer(request);
        },
    };
}

using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster;
using Fairlead.Dev.Cluster.Admission;
using Fairlead.Dev.Cluster.Api;
using Fairlead.Dev.Cluster.Authorization;
using Fairlead.Dev.Cluster.BuiltIns;
using Fairlead.Dev.Cluster.Resources;

namespace Fairlead.Dev.Tests.Authorization;

public sealed class AccessTests : IAsyncLifetime
{
    private static readonly UserInfo Alice = new("alice", ["dev", "system:authenticated"]);

    private EmbeddedCluster _cluster = null!;
    private RbacAuthorizer _rbac = null!;

    private IClusterApi Api => _cluster.Api;

    public async ValueTask InitializeAsync()
    {
        _cluster = await EmbeddedCluster.StartAsync(new EmbeddedClusterOptions { Https = false, Controllers = false });
        _rbac = new RbacAuthorizer(Api);
    }

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Theory]
    [InlineData("get", "services", "", "", true)]
    [InlineData("get", "services", "status", "", false)]
    [InlineData("update", "deployments", "scale", "", true)]
    [InlineData("get", "secrets", "", "mine", true)]
    [InlineData("get", "secrets", "", "yours", false)]
    [InlineData("list", "secrets", "", "", false)]
    [InlineData("delete", "services", "", "", false)]
    public void Rules_decide_by_verb_resource_subresource_and_name(string verb, string resource, string subresource, string name, bool isAllowed)
    {
        Role("r", """
            [{"verbs":["get"],"apiGroups":["*"],"resources":["services"]},
             {"verbs":["update"],"apiGroups":["*"],"resources":["*/scale"]},
             {"verbs":["get","list"],"apiGroups":[""],"resources":["secrets"],"resourceNames":["mine"]}]
            """);
        Bind("b", """[{"kind":"Group","name":"dev"}]""", "r");
        Assert.Equal(isAllowed, _rbac.Authorize(Request(verb, resource, subresource, name, "default")).Allowed);
        Assert.False(_rbac.Authorize(Request(verb, resource, subresource, name, "kube-system")).Allowed);
    }

    [Fact]
    public void Everybody_may_discover_and_masters_may_do_everything()
    {
        Assert.True(_rbac.Authorize(new AuthorizationRequest { User = Alice, Verb = "get", Path = "/apis/apps/v1" }).Allowed);
        Assert.False(_rbac.Authorize(new AuthorizationRequest { User = Alice, Verb = "get", Path = "/logs" }).Allowed);
        Assert.True(_rbac.Authorize(Request("delete", "nodes", "", "", "") with { User = UserInfo.System }).Allowed);
    }

    [Fact]
    public void Nobody_grants_what_he_does_not_hold()
    {
        Role("r", """[{"verbs":["get"],"apiGroups":[""],"resources":["pods"]}]""");
        Bind("b", """[{"kind":"User","name":"alice"}]""", "r");
        var guard = new EscalationGuard(Api, _rbac);
        guard.Admit(Grant("roles", """{"rules":[{"verbs":["get"],"apiGroups":[""],"resources":["pods"],"resourceNames":["one"]}]}"""));
        var refusal = Assert.Throws<ApiStatusException>(() =>
            guard.Admit(Grant("roles", """{"rules":[{"verbs":["get","list"],"apiGroups":[""],"resources":["pods"]}]}""")));
        Assert.Equal(403, refusal.Code);
        Assert.Contains("""{APIGroups:[""], Resources:["pods"], Verbs:["list"]}""", refusal.Message, StringComparison.Ordinal);

        Assert.Throws<ApiStatusException>(() => guard.Admit(Grant("rolebindings", """{"roleRef":{"kind":"ClusterRole","name":"cluster-admin"}}""")));
        Role("binder", """[{"verbs":["bind"],"apiGroups":["rbac.authorization.k8s.io"],"resources":["clusterroles"],"resourceNames":["cluster-admin"]}]""");
        Bind("b2", """[{"kind":"User","name":"alice"}]""", "binder");
        guard.Admit(Grant("rolebindings", """{"roleRef":{"kind":"ClusterRole","name":"cluster-admin"}}"""));
    }

    [Fact]
    public void A_ServiceAccount_token_names_its_account_for_its_audience_while_both_exist()
    {
        using var tokens = new ServiceAccountTokens(() => Api, TimeProvider.System);
        Api.Create("", "serviceaccounts", "default", Parse("""{"apiVersion":"v1","kind":"ServiceAccount","metadata":{"name":"robot"}}"""));
        var answer = tokens.TokenRequest.Handle(new ActionRequest(UserInfo.System, "default", "robot", Parse("""{"spec":{"audiences":["x"],"expirationSeconds":600}}""")));
        var token = (string)answer["status"]!["token"]!;

        Assert.Null(tokens.Authenticate(token));
        var user = tokens.Authenticate(token, ["x"]);
        Assert.Equal("system:serviceaccount:default:robot", user?.Name);
        Assert.Contains("system:serviceaccounts:default", user!.Groups);
        Assert.Null(tokens.Authenticate(token[..^4] + "AAAA", ["x"]));
        Assert.Equal("ES256", (string?)tokens.KeySet()["keys"]![0]!["alg"]);

        Api.Delete("", "serviceaccounts", "default", "robot");
        Assert.Null(tokens.Authenticate(token, ["x"]));
    }

    [Fact]
    public void A_token_expires()
    {
        var clock = new ManualClock(DateTimeOffset.Parse("2026-01-01T00:00:00Z", System.Globalization.CultureInfo.InvariantCulture));
        using var tokens = new ServiceAccountTokens(() => Api, clock);
        Api.Create("", "serviceaccounts", "default", Parse("""{"apiVersion":"v1","kind":"ServiceAccount","metadata":{"name":"robot"}}"""));
        var answer = tokens.TokenRequest.Handle(new ActionRequest(UserInfo.System, "default", "robot", Parse("{}")));
        var token = (string)answer["status"]!["token"]!;
        Assert.NotNull(tokens.Authenticate(token));
        clock.Now += TimeSpan.FromHours(1);
        Assert.Null(tokens.Authenticate(token));
    }

    [Fact]
    public void A_token_for_less_than_ten_minutes_is_refused()
    {
        using var tokens = new ServiceAccountTokens(() => Api, TimeProvider.System);
        Api.Create("", "serviceaccounts", "default", Parse("""{"apiVersion":"v1","kind":"ServiceAccount","metadata":{"name":"robot"}}"""));
        var refusal = Assert.Throws<ApiStatusException>(() =>
            tokens.TokenRequest.Handle(new ActionRequest(UserInfo.System, "default", "robot", Parse("""{"spec":{"expirationSeconds":10}}"""))));
        Assert.Equal("spec.expirationSeconds", Assert.Single(refusal.Causes).Field);
    }

    private static JsonObject Parse(string json) => JsonNode.Parse(json)!.AsObject();

    private static AuthorizationRequest Request(string verb, string resource, string subresource, string name, string ns) =>
        new() { User = Alice, Verb = verb, Resource = resource, Subresource = subresource, Name = name, Namespace = ns };

    private static AdmissionRequest Grant(string plural, string members) => new()
    {
        Definition = BuiltInResources.All(new BuiltInOptions()).Single(d => d.Group == "rbac.authorization.k8s.io" && d.Plural == plural),
        Operation = "CREATE",
        Object = Parse(members),
        User = Alice,
        Namespace = "default",
        Name = "new",
    };

    private void Role(string name, string rules) => Api.Create(
        "rbac.authorization.k8s.io", "roles", "default",
        Parse($$"""{"apiVersion":"rbac.authorization.k8s.io/v1","kind":"Role","metadata":{"name":"{{name}}"},"rules":{{rules}}}"""));

    private void Bind(string name, string subjects, string role) => Api.Create(
        "rbac.authorization.k8s.io", "rolebindings", "default",
        Parse($$$"""{"apiVersion":"rbac.authorization.k8s.io/v1","kind":"RoleBinding","metadata":{"name":"{{{name}}}"},"subjects":{{{subjects}}},"roleRef":{"kind":"Role","name":"{{{role}}}"}}"""));

    private sealed class ManualClock(DateTimeOffset start) : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = start;

        public override DateTimeOffset GetUtcNow() => Now;
    }
}

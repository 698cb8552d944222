using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster;
using Fairlead.Dev.Cluster.Api;
using Fairlead.Dev.Tests.Controllers;

namespace Fairlead.Dev.Tests.Admission;

public sealed class ResourceQuotasTests : IAsyncLifetime
{
    private EmbeddedCluster _cluster = null!;

    private IClusterApi Api => _cluster.Api;

    public async ValueTask InitializeAsync()
    {
        _cluster = await EmbeddedCluster.StartAsync(new EmbeddedClusterOptions { Https = false }, TestContext.Current.CancellationToken);
        Api.Create("", "namespaces", null, Object("Namespace", "work"));
        Api.Create("", "resourcequotas", "work", Object("ResourceQuota", "few", """
            "spec":{"hard":{"services":"1","count/roles.rbac.authorization.k8s.io":"0"}}
            """));
    }

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task More_objects_than_a_quota_allows_are_refused_until_one_goes()
    {
        CreateService("a");
        var refusal = Assert.Throws<ApiStatusException>(() => CreateService("b"));
        Assert.Equal(
            (403, "services \"b\" is forbidden: exceeded quota: few, requested: services=1, used: services=1, limited: services=1"),
            (refusal.Code, refusal.Message));
        await Api.UntilAsync("", "resourcequotas", "work", "use told", q => (string?)q[0]["status"]?["used"]?["services"] == "1");

        Api.Delete("", "services", "work", "a");
        CreateService("b");
        Api.Delete("", "services", "work", "b");
        await Api.UntilAsync("", "resourcequotas", "work", "no use", q => (string?)q[0]["status"]?["used"]?["services"] == "0");
    }

    [Fact]
    public void A_quota_counts_types_by_their_name_and_only_in_its_namespace()
    {
        Assert.Throws<ApiStatusException>(() => CreateRole("work"));
        CreateRole("default");
    }

    private void CreateService(string name) =>
        Api.Create("", "services", "work", Object("Service", name, """
            "spec":{"ports":[{"port":80}]}
            """));

    private void CreateRole(string ns) => Api.Create(
        "rbac.authorization.k8s.io", "roles", ns, Object("Role", "r", "\"rules\":[]", "rbac.authorization.k8s.io/v1"));

    private static JsonObject Object(string kind, string name, string more = "", string apiVersion = "v1")
    {
        var obj = JsonNode.Parse("{" + more + "}")!.AsObject();
        obj["apiVersion"] = apiVersion;
        obj["kind"] = kind;
        obj["metadata"] = new JsonObject { ["name"] = name };
        return obj;
    }
}

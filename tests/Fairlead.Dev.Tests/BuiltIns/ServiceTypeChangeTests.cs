using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster;

namespace Fairlead.Dev.Tests.BuiltIns;

public sealed class ServiceTypeChangeTests
{
    [Fact]
    public async Task A_Service_that_becomes_an_external_name_loses_what_only_cluster_addresses_need()
    {
        await using var cluster = await EmbeddedCluster.StartAsync(new EmbeddedClusterOptions(), TestContext.Current.CancellationToken);
        var service = cluster.Api.Create("", "services", "default", new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Service",
            ["metadata"] = new JsonObject { ["name"] = "web" },
            ["spec"] = new JsonObject { ["ports"] = new JsonArray(new JsonObject { ["port"] = 80 }) },
        });
        service["spec"]!["type"] = "ExternalName";
        service["spec"]!["externalName"] = "db.example.com";

        var spec = cluster.Api.Update("", "services", "default", service)["spec"]!.AsObject();

        Assert.Equal(["externalName", "ports", "sessionAffinity", "type"], spec.Select(member => member.Key).Order(StringComparer.Ordinal));
    }
}

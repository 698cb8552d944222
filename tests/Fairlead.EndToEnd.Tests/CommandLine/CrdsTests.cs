using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster;
using Fairlead.EndToEnd.Tests.Processes;
using Fairlead.Kubernetes.Yaml;

namespace Fairlead.EndToEnd.Tests.CommandLine;

public sealed class CrdsTests
{
    [Fact]
    public async Task The_definitions_are_accepted_by_an_API_server_and_established()
    {
        var result = await RunningProgram.RunAsync(["crds", "--output", "json"]);
        await using var cluster = await EmbeddedCluster.StartAsync(EmbeddedClusterOptions.Default, TestContext.Current.CancellationToken);

        var items = JsonNode.Parse(result.Output)!["items"]!.AsArray();
        foreach (var item in items)
        {
            cluster.Api.Create("apiextensions.k8s.io", "customresourcedefinitions", null, item!.AsObject());
        }

        Assert.NotEmpty(items);
        Assert.All(cluster.Api.List("apiextensions.k8s.io", "customresourcedefinitions"), crd =>
            Assert.Contains(crd["status"]!["conditions"]!.AsArray(), c => (string?)c!["type"] == "Established" && (string?)c["status"] == "True"));
    }

    [Fact]
    public async Task Yaml_and_JSON_say_the_same()
    {
        var yaml = await RunningProgram.RunAsync(["crds"]);
        var json = await RunningProgram.RunAsync(["crds", "-o", "json"]);

        var fromYaml = new JsonArray([.. YamlJson.Read(yaml.Output, "crds").Select(document => document.Root!.DeepClone())]);
        Assert.True(JsonNode.DeepEquals(fromYaml, JsonNode.Parse(json.Output)!["items"]));
    }
}

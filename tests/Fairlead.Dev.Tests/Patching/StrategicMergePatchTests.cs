using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster.Api;
using Fairlead.Dev.Cluster.Patching;

namespace Fairlead.Dev.Tests.Patching;

/// <summary>Results are those of a Kubernetes 1.36 API server for a Deployment of the same shape.</summary>
public sealed class StrategicMergePatchTests
{
    private const string Live = """
        {"metadata":{"finalizers":["x/1","x/2"],"labels":{"a":"1"}},
         "strategy":{"type":"RollingUpdate","rollingUpdate":{"maxSurge":1}},
         "containers":[
           {"name":"a","image":"a","args":["1"],"env":[{"name":"E","value":"1"},{"name":"F","value":"2"}],
            "ports":[{"containerPort":53,"protocol":"TCP"},{"containerPort":53,"protocol":"UDP"}]},
           {"name":"b","image":"b"},{"name":"c","image":"c"}]}
        """;

    [Theory]
    [InlineData("""{"containers":[{"name":"b","image":"B"},{"name":"x"}]}""", "a b x c")]
    [InlineData("""{"$setElementOrder/containers":[{"name":"c"},{"name":"x"},{"name":"a"}],"containers":[{"name":"x"}]}""", "b c x a")]
    [InlineData("""{"$setElementOrder/containers":[{"name":"c"},{"name":"b"},{"name":"a"}]}""", "c b a")]
    [InlineData("""{"containers":[{"name":"b","$patch":"delete"}]}""", "a c")]
    [InlineData("""{"containers":[{"name":"z"},{"$patch":"replace"}]}""", "z")]
    public void Lists_of_objects_merge_by_key_and_keep_their_order(string patch, string names) =>
        Assert.Equal(names, string.Join(' ', Apply(patch)["containers"]!.AsArray().Select(c => (string)c!["name"]!)));

    [Theory]
    [InlineData("""{"metadata":{"labels":{"$patch":"replace","b":"1"}}}""", "metadata.labels", """{"b":"1"}""")]
    [InlineData("""{"metadata":{"labels":{"$patch":"delete"}}}""", "metadata.labels", "{}")]
    [InlineData("""{"metadata":{"labels":{"b":"1","a":null}}}""", "metadata.labels", """{"b":"1"}""")]
    [InlineData("""{"metadata":{"finalizers":["x/3","x/1"]}}""", "metadata.finalizers", """["x/3","x/1","x/2"]""")]
    [InlineData("""{"metadata":{"$deleteFromPrimitiveList/finalizers":["x/1"]}}""", "metadata.finalizers", """["x/2"]""")]
    [InlineData("""{"metadata":{"$setElementOrder/finalizers":["x/2","x/1"]}}""", "metadata.finalizers", """["x/2","x/1"]""")]
    [InlineData("""{"strategy":{"$retainKeys":["type"],"type":"Recreate"}}""", "strategy", """{"type":"Recreate"}""")]
    [InlineData("""{"containers":[{"name":"a","args":["2","3"]}]}""", "containers.0.args", """["2","3"]""")]
    [InlineData("""{"containers":[{"name":"a","env":[{"name":"E","$patch":"delete"},{"name":"G","value":"3"}]}]}""", "containers.0.env", """[{"name":"G","value":"3"},{"name":"F","value":"2"}]""")]
    [InlineData("""{"containers":[{"name":"a","ports":[{"containerPort":53,"protocol":"UDP","name":"dns"}]}]}""", "containers.0.ports", """[{"name":"dns","containerPort":53,"protocol":"UDP"},{"containerPort":53,"protocol":"UDP"}]""")]
    [InlineData("""{"containers":null}""", "containers", "null")]
    [InlineData("""{"new":{"deep":{"gone":null,"kept":1}}}""", "new", """{"deep":{"kept":1}}""")]
    public void Members_merge_as_their_schema_says(string patch, string path, string expected)
    {
        var value = path.Split('.').Aggregate((JsonNode?)Apply(patch), (node, step) => node is JsonArray list ? list[int.Parse(step, null)] : node![step]);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), value), value?.ToJsonString());
    }

    [Theory]
    [InlineData("""{"containers":[{"name":"z","$patch":"merge"}]}""", "merging list cannot yet be specified")]
    [InlineData("""{"containers":[{"name":"z","$patch":"foo"}]}""", "unknown patch type \"foo\"")]
    [InlineData("""{"metadata":{"labels":{"$patch":"merge"}}}""", "unknown patch type \"merge\"")]
    [InlineData("""{"containers":[{"image":"z"}]}""", "does not contain the declared merge key \"name\"")]
    [InlineData("""{"containers":[{"$patch":"delete"}]}""", "does not contain the declared merge key \"name\"")]
    [InlineData("""{"strategy":{"$retainKeys":["type"],"rollingUpdate":{}}}""", "$retainKeys list doesn't cover")]
    [InlineData("""{"strategy":{"$retainKeys":"type"}}""", "$retainKeys must be a list")]
    [InlineData("""{"$setElementOrder/containers":[{"name":"c"}],"containers":[{"name":"x"}]}""", "$setElementOrder")]
    [InlineData("""{"$setElementOrder/containers":[{"name":"c"},{"name":"x"}],"containers":[{"name":"x"},{"name":"c"}]}""", "$setElementOrder")]
    [InlineData("""{"metadata":{"$deleteFromPrimitiveList/finalizers":"x/1"}}""", "must be a list, not a string")]
    public void A_malformed_patch_is_refused(string patch, string message)
    {
        var error = Assert.Throws<ApiStatusException>(() => Apply(patch));
        Assert.Equal(400, error.Code);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Neither_the_object_nor_the_patch_changes()
    {
        var (target, patch) = (Parse(Live), Parse("""{"$setElementOrder/containers":[{"name":"c"}],"strategy":{"$retainKeys":["type"]}}"""));
        var before = (target.ToJsonString(), patch.ToJsonString());
        StrategicMergePatch.Apply(target, patch, PodLikeSchema.Root);
        Assert.Equal(before, (target.ToJsonString(), patch.ToJsonString()));
    }

    private static JsonObject Apply(string patch) => StrategicMergePatch.Apply(Parse(Live), Parse(patch), PodLikeSchema.Root);

    private static JsonObject Parse(string json) => (JsonObject)JsonNode.Parse(json)!;
}

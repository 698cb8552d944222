using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster.Api;
using Fairlead.Dev.Cluster.Patching;

namespace Fairlead.Dev.Tests.Patching;

public sealed class JsonPatchTests
{
    [Theory]
    [InlineData("""{"a":1}""", """[{"op":"add","path":"/b","value":2}]""", """{"a":1,"b":2}""")]
    [InlineData("""{"a":[1,3]}""", """[{"op":"add","path":"/a/1","value":2}]""", """{"a":[1,2,3]}""")]
    [InlineData("""{"a":[1]}""", """[{"op":"add","path":"/a/-","value":2}]""", """{"a":[1,2]}""")]
    [InlineData("""{"a":[1]}""", """[{"op":"add","path":"/a/1","value":[2]}]""", """{"a":[1,[2]]}""")]
    [InlineData("""{"a":1}""", """[{"op":"add","path":"","value":{"b":2}}]""", """{"b":2}""")]
    [InlineData("""{"a":1,"b":2}""", """[{"op":"remove","path":"/a"}]""", """{"b":2}""")]
    [InlineData("""{"a":[1,2,3]}""", """[{"op":"remove","path":"/a/1"}]""", """{"a":[1,3]}""")]
    [InlineData("""{"a":1}""", """[{"op":"replace","path":"/a","value":null}]""", """{"a":null}""")]
    [InlineData("""{"a":[1,2]}""", """[{"op":"replace","path":"/a/0","value":9}]""", """{"a":[9,2]}""")]
    [InlineData("""{"a":{"b":1},"c":{}}""", """[{"op":"move","from":"/a/b","path":"/c/d"}]""", """{"a":{},"c":{"d":1}}""")]
    [InlineData("""{"a":[1,2,3]}""", """[{"op":"move","from":"/a/0","path":"/a/2"}]""", """{"a":[2,3,1]}""")]
    [InlineData("""{"a":{"b":1}}""", """[{"op":"copy","from":"/a","path":"/c"}]""", """{"a":{"b":1},"c":{"b":1}}""")]
    [InlineData("""{"a/b":1,"m~n":2}""", """[{"op":"test","path":"/a~1b","value":1},{"op":"remove","path":"/m~0n"}]""", """{"a/b":1}""")]
    [InlineData("""{"~1":1}""", """[{"op":"remove","path":"/~01"}]""", "{}")]
    [InlineData("""{"":1}""", """[{"op":"remove","path":"/"}]""", "{}")]
    [InlineData("""{"a":1.0}""", """[{"op":"test","path":"/a","value":1}]""", """{"a":1}""")]
    [InlineData("""{"a":{"x":1,"y":2}}""", """[{"op":"test","path":"/a","value":{"y":2,"x":1}}]""", """{"a":{"x":1,"y":2}}""")]
    public void Operations_change_the_document(string document, string patch, string expected)
    {
        var target = JsonNode.Parse(document);
        var result = JsonPatch.Apply(target, (JsonArray)JsonNode.Parse(patch)!);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), result), result?.ToJsonString());
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(document), target), "the target must not change");
    }

    [Theory]
    [InlineData("""[{"op":"test","path":"/a","value":"other"}]""", 422, "test operation at \"/a\" failed")]
    [InlineData("""[{"op":"test","path":"/missing","value":null}]""", 422, "doc is missing path \"/missing\"")]
    [InlineData("""[{"op":"remove","path":"/missing"}]""", 422, "doc is missing path \"/missing\"")]
    [InlineData("""[{"op":"replace","path":"/missing","value":1}]""", 422, "doc is missing path \"/missing\"")]
    [InlineData("""[{"op":"add","path":"/missing/b","value":1}]""", 422, "doc is missing path \"/missing/b\"")]
    [InlineData("""[{"op":"add","path":"/a/b","value":1}]""", 422, "leads through a string")]
    [InlineData("""[{"op":"add","path":"/l/9","value":1}]""", 422, "index 9 is outside the array")]
    [InlineData("""[{"op":"add","path":"/l/-1","value":1}]""", 422, "\"-1\" is no index")]
    [InlineData("""[{"op":"add","path":"/l/01","value":1}]""", 422, "\"01\" is no index")]
    [InlineData("""[{"op":"remove","path":"/l/-"}]""", 422, "\"-\" is no index")]
    [InlineData("""[{"op":"move","from":"/o","path":"/o/x"}]""", 422, "cannot be moved into its own child")]
    [InlineData("""[{"op":"frob","path":"/a"}]""", 422, "unknown op \"frob\"")]
    [InlineData("""[{"path":"/a"}]""", 422, "needs a text member \"op\"")]
    [InlineData("""[{"op":"add","path":"/b"}]""", 422, "has no \"value\"")]
    [InlineData("""[{"op":"copy","path":"/b"}]""", 422, "needs a text member \"from\"")]
    [InlineData("""[{"op":"add","path":"b","value":1}]""", 422, "must be empty or start with \"/\"")]
    [InlineData("""[{"op":"add","path":"/b~2","value":1}]""", 422, "not followed by 0 or 1")]
    [InlineData("""["add"]""", 400, "must be an object, not a string")]
    public void A_patch_that_does_not_fit_says_why(string patch, int code, string message)
    {
        var target = JsonNode.Parse("""{"a":"x","l":[1],"o":{}}""");
        var error = Assert.Throws<ApiStatusException>(() => JsonPatch.Apply(target, (JsonArray)JsonNode.Parse(patch)!));
        Assert.Equal(code, error.Code);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void All_operations_apply_or_none()
    {
        var target = JsonNode.Parse("""{"a":1}""");
        Assert.Throws<ApiStatusException>(() => JsonPatch.Apply(
            target, (JsonArray)JsonNode.Parse("""[{"op":"remove","path":"/a"},{"op":"test","path":"/a","value":1}]""")!));
        Assert.Equal("""{"a":1}""", target!.ToJsonString());
    }

    [Fact]
    public void Too_many_operations_are_refused()
    {
        var patch = new JsonArray(Enumerable.Range(0, 10_001).Select(_ => JsonNode.Parse("""{"op":"test","path":"","value":{}}""")).ToArray());
        Assert.Equal(413, Assert.Throws<ApiStatusException>(() => JsonPatch.Apply(new JsonObject(), patch)).Code);
    }

    [Fact]
    public void Adding_and_removing_again_gives_the_document_back()
    {
        var random = new Random(42);
        for (var round = 0; round < 500; round++)
        {
            var document = RandomJson.Object(random, 3);
            var value = RandomJson.Value(random, 2);
            var path = "/" + RandomJson.Name(random).Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);
            if (document.ContainsKey(JsonPatchName(path)))
                continue;
            var patch = new JsonArray(
                new JsonObject { ["op"] = "add", ["path"] = path, ["value"] = value?.DeepClone() },
                new JsonObject { ["op"] = "test", ["path"] = path, ["value"] = value?.DeepClone() },
                new JsonObject { ["op"] = "remove", ["path"] = path });
            Assert.True(JsonNode.DeepEquals(document, JsonPatch.Apply(document, patch)), document.ToJsonString());
        }
    }

    private static string JsonPatchName(string path) =>
        path[1..].Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
}

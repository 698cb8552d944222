using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster.Schemas;
using Fairlead.Dev.Tests.CustomResources;

namespace Fairlead.Dev.Tests.Schemas;

public sealed class DefaultingAndPruningTests
{
    [Theory]
    [InlineData("{}", """{"defd":"dd"}""")]
    [InlineData("""{"defd":null,"nul":null,"color":null}""", """{"defd":"dd","nul":null}""")]
    [InlineData("""{"mlist":[{"name":"a"},{"name":"b","port":1}]}""", """{"defd":"dd","mlist":[{"name":"a","port":80},{"name":"b","port":1}]}""")]
    [InlineData("""{"map":{"k":null},"slist":[null]}""", """{"defd":"dd","map":{},"slist":[null]}""")]
    public void Absent_members_get_their_defaults(string spec, string expected)
    {
        var obj = Widgets.WithSpec(spec);
        SchemaDefaulter.Apply(obj, Widgets.Definition.Schema);
        AssertJson(expected, obj["spec"]);
    }

    [Fact]
    public void A_default_is_never_shared_between_objects()
    {
        var schema = new SchemaNode
        {
            Type = "object",
            Properties = Widgets.Definition.Schema.Properties.Clear().Add("a", new SchemaNode { Type = "object", Default = new JsonObject() }),
        };
        var (first, second) = (new JsonObject(), new JsonObject());
        SchemaDefaulter.Apply(first, schema);
        first["a"]!["x"] = 1;
        SchemaDefaulter.Apply(second, schema);
        AssertJson("""{"a":{}}""", second);
    }

    [Fact]
    public void Undeclared_members_are_removed_and_named()
    {
        var obj = Widgets.WithSpec("""
            {"name":"abc","unknown":1,"mlist":[{"name":"a","zz":1}],"free":{"known":{"x":"1","y":2},"u":[1]},
             "emb":{"apiVersion":"v1","kind":"X","metadata":{"foo":1,"name":"n"},"x":1},"map":{"any":"1"}}
            """);
        obj["metadata"]!["bogus"] = 1;
        var removed = SchemaPruner.Prune(obj, Widgets.Definition.Schema);
        Assert.Equal(["metadata.bogus", "spec.emb.metadata.foo", "spec.free.known.y", "spec.mlist[0].zz", "spec.unknown"], removed);
        AssertJson(
            """
            {"name":"abc","mlist":[{"name":"a"}],"free":{"known":{"x":"1"},"u":[1]},
             "emb":{"apiVersion":"v1","kind":"X","metadata":{"name":"n"},"x":1},"map":{"any":"1"}}
            """,
            obj["spec"]);
    }

    private static void AssertJson(string expected, JsonNode? actual) =>
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), actual), $"expected {expected}, got {actual?.ToJsonString()}");
}

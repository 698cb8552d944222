using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster.BuiltIns;
using Fairlead.Dev.Cluster.Resources;

namespace Fairlead.Dev.Tests.BuiltIns;

public sealed class BuiltInResourcesTests
{
    private readonly Dictionary<string, ResourceDefinition> _types = BuiltInResources.All(new BuiltInOptions()).ToDictionary(d => d.GroupResource);

    [Fact]
    public void Every_type_is_defined_once_with_columns_and_a_schema()
    {
        foreach (var type in _types.Values)
        {
            Assert.Contains("metadata", type.Schema.Properties.Keys);
            Assert.NotEmpty(type.Columns);
            Assert.All(type.Columns, c => Assert.NotNull(c.Render?.Invoke(Minimal(type), DateTimeOffset.UnixEpoch)));
        }
    }

    [Fact]
    public void Preparing_an_object_again_changes_nothing()
    {
        foreach (var type in _types.Values.Where(t => t.Plural != "services"))
        {
            var obj = Minimal(type);
            type.Strategy.PrepareForCreate(obj);
            var again = (JsonObject)obj.DeepClone();
            type.Strategy.PrepareForUpdate(again, obj);
            Assert.True(JsonNode.DeepEquals(obj, again), $"{type.Kind}: {obj} became {again}");
        }
    }

    private static JsonObject Minimal(ResourceDefinition type) => new()
    {
        ["apiVersion"] = type.ApiVersion,
        ["kind"] = type.Kind,
        ["metadata"] = new JsonObject { ["name"] = "one" },
    };
}

using System.Text.Json.Nodes;
using Fairlead.Dev.Cel;
using Fairlead.Dev.Cluster.Schemas;

namespace Fairlead.Dev.Tests.Cel;

public sealed class SchemaTests
{
    private static readonly SchemaNode Text = new() { Type = "string" };

    private static readonly SchemaNode Schema = Object(new()
    {
        ["name"] = Text,
        ["namespace"] = Text,
        ["x-prop"] = Text,
        ["ratio"] = new() { Type = "number" },
        ["count"] = new() { Type = "integer" },
        ["created"] = new() { Type = "string", Format = "date-time" },
        ["ttl"] = new() { Type = "string", Format = "duration" },
        ["data"] = new() { Type = "string", Format = "byte" },
        ["port"] = new() { IntOrString = true },
        ["labels"] = new() { Type = "object", AdditionalProperties = Text },
        ["tags"] = new() { Type = "array", Items = Text, ListType = ListType.Set },
        ["rules"] = new()
        {
            Type = "array",
            ListType = ListType.Map,
            ListMapKeys = ["key"],
            Items = Object(new() { ["key"] = Text, ["value"] = Text }),
        },
    });

    [Theory]
    [InlineData("self.ratio == 1.0 && self.count == 3")]
    [InlineData("self.created + self.ttl == timestamp('2024-01-01T01:00:00Z')")]
    [InlineData("self.data == b'hi' && self.port == 'http'")]
    [InlineData("self.labels['a.b/c'] == 'x' && 'a.b/c' in self.labels && self.labels.all(k, k != '')")]
    [InlineData("self.tags == oldSelf.tags && self.rules == oldSelf.rules")]
    [InlineData("(self.tags + ['b', 'c']) == ['a', 'b', 'c']")]
    [InlineData("(self.rules + [{'key': 'l', 'value': '9'}]).map(r, r.value) == ['1', '9']")]
    [InlineData("self.__namespace__ == 'ns' && self.x__dash__prop == 'p' && has(self.name)")]
    public void A_schema_gives_values_their_types_and_lists_their_equality(string expression)
    {
        var environment = CelEnvironment.Empty.Declare("self", Schema).Declare("oldSelf", Schema);
        var self = Document("""["a", "b"]""", """[{"key": "k", "value": "1"}, {"key": "l", "value": "2"}]""");
        var oldSelf = Document("""["b", "a"]""", """[{"key": "l", "value": "2"}, {"key": "k", "value": "1"}]""");
        var variables = new Dictionary<string, CelValue> { ["self"] = self, ["oldSelf"] = oldSelf };
        Assert.Equal(CelValue.True, CelProgram.Compile(expression, environment, CelKind.Bool).Evaluate(variables));
    }

    [Theory]
    [InlineData("self.kind == 'x'", "1:5: undefined field 'kind'")]
    [InlineData("has(self.absent)", "1:9: undefined field 'absent'")]
    [InlineData("self.namespace == 'x'", "1:5: undefined field 'namespace'")]
    [InlineData("self.name.first == 'x'", "1:10: type 'string' does not support field selection")]
    [InlineData("self.rules.all(r, r.valeu == '')", "1:20: undefined field 'valeu'")]
    [InlineData("self.count == '3'", "1:12: found no matching overload for '_==_' applied to '(int, string)'")]
    [InlineData("self.ratio == 1", "1:12: found no matching overload for '_==_' applied to '(double, int)'")]
    [InlineData("'name' in self", "1:8: found no matching overload for '_in_' applied to '(string, object)'")]
    [InlineData("self.all(k, true)", "1:5: expression of type 'object' cannot be the range of a comprehension: it must be a list or a map")]
    public void A_rule_that_does_not_fit_the_schema_is_rejected(string expression, string message)
    {
        var fault = Assert.Throws<CelCompileException>(() => CelProgram.Compile(expression, CelEnvironment.Empty.Declare("self", Schema)));
        Assert.Equal(message, fault.Message);
    }

    [Fact]
    public void The_root_of_a_resource_shows_its_name_and_no_other_metadata()
    {
        var environment = CelEnvironment.Empty.Declare("self", Object([]), isResource: true);
        CelProgram.Compile("self.metadata.name == 'singleton' && self.kind != '' && self.apiVersion != ''", environment, CelKind.Bool);
        var fault = Assert.Throws<CelCompileException>(() => CelProgram.Compile("has(self.metadata.labels)", environment));
        Assert.Equal("undefined field 'labels'", fault.Reason);
    }

    [Fact]
    public void An_optional_old_object_may_be_absent()
    {
        var environment = CelEnvironment.Empty.Declare("self", Text).DeclareOptional("oldSelf", Text);
        var program = CelProgram.Compile("!oldSelf.hasValue() || oldSelf.value() == self", environment, CelKind.Bool);
        Assert.Equal(CelValue.True, Run(CelValue.Optional(null)));
        Assert.Equal(CelValue.True, Run(CelValue.Optional(CelValue.Of("x"))));
        Assert.Equal(CelValue.False, Run(CelValue.Optional(CelValue.Of("y"))));

        CelValue Run(CelValue old) => program.Evaluate(new Dictionary<string, CelValue> { ["self"] = CelValue.Of("x"), ["oldSelf"] = old });
    }

    [Theory]
    [InlineData("null")]
    [InlineData("[1,-2.5,\"x\",true,null,{\"a\":[]}]")]
    [InlineData("{\"a\":9223372036854775807,\"b\":\"é\"}")]
    public void A_document_converts_and_comes_back(string json) =>
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(json), CelValue.FromJson(JsonNode.Parse(json)).ToJson()));

    [Fact]
    public void A_document_built_in_memory_converts_like_a_parsed_one()
    {
        var built = new JsonObject { ["int"] = 1, ["long"] = 2L, ["double"] = 1.5, ["whole"] = 2.0, ["decimal"] = 3m };
        var parsed = JsonNode.Parse(built.ToJsonString());
        Assert.Equal(CelValue.FromJson(parsed), CelValue.FromJson(built));
    }

    private static SchemaNode Object(Dictionary<string, SchemaNode> properties) =>
        new() { Type = "object", Properties = System.Collections.Immutable.ImmutableSortedDictionary.CreateRange(properties) };

    private static CelValue Document(string tags, string rules) => CelValue.FromJson(
        JsonNode.Parse($$"""
            {"name": "n", "namespace": "ns", "x-prop": "p", "ratio": 1, "count": 3, "created": "2024-01-01T00:00:00Z", "ttl": "1h",
             "data": "aGk=", "port": "http", "labels": {"a.b/c": "x"}, "tags": {{tags}}, "rules": {{rules}}}
            """),
        Schema);
}
